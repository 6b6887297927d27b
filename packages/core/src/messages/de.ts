import type { Messages } from '../messages.js';

export { deSurfaces } from './de-surfaces.js';

const amount = (count: string, unit: string) => (unit === '' ? count : `${count} ${unit}`);

const clocks = {
  queue: 'in der Warteschlange',
  run: 'Laufzeit',
  silence: 'ohne Heartbeat',
  hold: 'Wartezeit',
  deadline: 'Fristüberschreitung',
  flag: 'mit diesem Befund',
} as const;

/** Die Dauer, die jede Uhr misst, im Akkusativ. */
const durations = {
  queue: 'die Zeit in der Warteschlange',
  run: 'seine Laufzeit',
  silence: 'die Zeit ohne Heartbeat',
  hold: 'seine Wartezeit',
  deadline: 'seine Fristüberschreitung',
  flag: 'die Zeit mit diesem Befund',
} as const;

/** Der Zeitpunkt, zu dem jede Uhr beginnt, im Genitiv. */
const starts = {
  queue: 'seiner Einreihung',
  run: 'seines Starts',
  silence: 'seines letzten Heartbeats',
  hold: 'seines Anhaltens',
  deadline: 'seiner Frist',
  flag: 'seines Befunds',
} as const;

const flags = {
  worker_lost: 'Sein Worker ist ausgefallen',
  unresponsive: 'Sein Worker antwortet nicht',
  orphaned: 'Worauf er wartet, kann nicht mehr eintreten',
  cannot_start: 'Er kann nie starten',
  stuck: 'Er kommt nicht voran',
  late: 'Er ist verspätet',
} as const;

/** German. */
export const de: Messages = {
  locale: 'de',
  units: { s: 's', min: 'min', h: 'h', d: 'd' },
  labels: {
    queued: 'Eingereiht',
    running: 'Läuft',
    hold: 'Angehalten',
    late: 'Läuft verspätet',
    queued_late: 'Zu lange eingereiht',
    hold_late: 'Zu lange angehalten',
    likely_stale: 'Hängt vermutlich',
    unknown: 'Nicht zu beurteilen',
    reconciled: 'Nach Stillstand geschlossen',
    succeeded: 'Erfolgreich',
    partially_succeeded: 'Teilweise erfolgreich',
    blocked: 'Blockiert',
    failed: 'Fehlgeschlagen',
    cancelled: 'Abgebrochen',
    skipped: 'Übersprungen',
    outcome_unknown: 'Beendet, Ergebnis unbekannt',
    withheld: 'Nicht aktuell',
  },
  flags,
  times: {
    queued: 'Eingereiht',
    not_before: 'Nicht vor',
    started: 'Gestartet',
    heartbeat: 'Letzter Heartbeat',
    hold: 'Angehalten seit',
    deadline: 'Frist',
    ended: 'Beendet',
    reconciled: 'Geschlossen',
  },
  ago: (span) => `vor ${span}`,
  ahead: (span) => `in ${span}`,
  headline: {
    queued: (span) => `Seit ${span} eingereiht`,
    startsIn: (span) => `Startet in ${span}`,
    running: (span) => `Läuft seit ${span}`,
    runningVouched: (span, silent) => `Läuft seit ${span}, letzter Heartbeat vor ${silent}`,
    runningSilent: (span, silent) => `Läuft seit ${span}, seit ${silent} kein Heartbeat`,
    silent: (silent) => `Seit ${silent} kein Heartbeat`,
    held: (hold, span, what) => {
      const suffix = what === undefined ? '' : `: ${what}`;
      switch (hold) {
        case 'approval':
          return `Wartet seit ${span} auf Freigabe${suffix}`;
        case 'schedule':
          return `Wartet seit ${span} auf seinen Termin${suffix}`;
        case 'dependency':
          return `Wartet seit ${span} auf einen anderen Lauf${suffix}`;
        case 'limit':
          return `Wartet seit ${span} auf einen freien Platz${what === undefined ? '' : `, hinter ${what}`}`;
        case 'retry':
          return `Wartet seit ${span} auf den nächsten Versuch${suffix}`;
        case 'paused':
          return `Seit ${span} pausiert${suffix}`;
        case 'event':
          return `Wartet seit ${span} auf ein Ereignis${suffix}`;
      }
    },
    startedBefore: (headline, ago) => `${headline}; gestartet ${ago}`,
    queuedBefore: (headline, ago) => `${headline}; zuerst eingereiht ${ago}`,
    goesOnIn: (span) => `Wird in ${span} fortgesetzt`,
    retriesIn: (span) => `Neuer Versuch in ${span}`,
    dueIn: (span) => `Fällig in ${span}`,
    overdue: (span) => `Frist seit ${span} überschritten`,
    unknown: {
      no_time: 'Keine Startzeit gemeldet',
      clock_skew: 'Seine Zeiten liegen in der Zukunft',
      status: 'Die Quelle meldet einen unbekannten Status',
    },
    reconciled: (ago) => `Nach Stillstand geschlossen, ${ago}`,
    ended: (label, ago) => `${label}, ${ago}`,
    endedUnknown: (ago) => `Beendet, ${ago}, Ergebnis unbekannt`,
    withheld: (headline) => `Zuletzt bekannt: ${headline}`,
  },
  reason: {
    workedThenSilent: (worked, silent) => `Lief ${worked}, seit ${silent} kein Heartbeat.`,
    threshold: (level, clock, span, rule) =>
      `Gilt nach ${span} ${clocks[clock]} als ${level === 'late' ? 'verspätet' : 'vermutlich hängend'} (Regel: ${rule}).`,
    atOnce: (level, _clock, rule) =>
      `Gilt sofort als ${level === 'late' ? 'verspätet' : 'vermutlich hängend'} (Regel: ${rule}).`,
    neverLate: (clock, rule) => `Für ${durations[clock]} gilt keine Grenze (Regel: ${rule}).`,
    deadlineAhead: 'Gilt nach Ablauf seiner Frist als verspätet.',
    deadlinePassed: 'Seine Frist ist abgelaufen.',
    noHeartbeat: 'Die Quelle meldet keine Heartbeats, deshalb zählt nur die verstrichene Zeit.',
    vouched: 'Sein Heartbeat ist aktuell, deshalb gilt er nicht als hängend.',
    flag: (by, source, kind, text) =>
      `${by === 'tardy' ? 'Tardy stellt fest' : `${source} meldet`}: ${flags[kind]}${text === undefined ? '' : `: „${text}“`}.`,
    holdEnds: 'Seine Wartezeit endet von selbst, bis dahin gilt er nicht als verspätet.',
    skewed: (which) =>
      `Der Zeitpunkt ${which.map((clock) => starts[clock]).join(' und der ')} ` +
      `${which.length === 1 ? 'liegt' : 'liegen'} zu weit in der Zukunft, um zu zählen. Bitte die Uhren prüfen.`,
    unconfirmed: 'Nicht bestätigt: Ein zweiter Blick darauf ist fehlgeschlagen.',
    unknown: {
      no_time: () => 'Er ist aktiv, aber die Quelle nennt weder Einreihung noch Start.',
      clock_skew: () => 'Er ist aktiv, aber seine Zeiten liegen zu weit in der Zukunft, um zu zählen.',
      status: (status) => `Die Quelle meldet den unbekannten Status „${status}“; er kann aktiv sein oder nicht.`,
    },
    reconciled: (from, reason) =>
      `Das System hat ihn nach Stillstand geschlossen${from === '' ? '' : ` (vorher: ${from})`}${reason === '' ? '.' : `: ${reason}.`}`,
    ended: (duration, failure) =>
      `${duration === undefined ? 'Er ist beendet.' : `Er dauerte ${duration}.`}${failure === '' ? '' : ` ${failure}`}`,
    withheld: 'Es gibt keine neueren Daten, sein aktueller Zustand ist unbekannt.',
  },
  guidance: {
    late: {
      queue: 'Prüfen, ob ein passender Worker läuft und Kapazität hat.',
      run: 'Prüfen, ob er noch vorankommt. Mehr ist noch nicht nötig.',
      silence: 'In einer Minute erneut prüfen: Ein laufender Worker sendet wieder einen Heartbeat.',
      hold: 'Prüfen, ob noch eintritt, worauf er wartet.',
      deadline: 'Alle informieren, die auf ihn warten, und prüfen, was er gerade tut.',
    },
    stale: {
      queue: 'Einen passenden Worker starten oder den Lauf in der Quelle abbrechen.',
      run: 'In der Quelle prüfen, ob er noch vorankommt. Wenn nicht, dort abbrechen.',
      silence:
        'Prüfen, ob sein Worker noch läuft. Wenn nicht, den Lauf in der Quelle abbrechen, damit wartende Läufe weiterlaufen können.',
      hold: 'Klären, worauf er wartet, oder ihn in der Quelle abbrechen.',
      deadline: 'Seine Frist ist weit überschritten. Prüfen, was er tut, oder ihn in der Quelle abbrechen.',
    },
    holds: {
      approval: 'Jemand muss ihn freigeben.',
      schedule: 'Er läuft zu seinem Termin von selbst weiter.',
      dependency: 'Er läuft weiter, sobald der Lauf vor ihm beendet ist.',
      limit: 'Er startet, sobald ein Platz frei wird.',
      retry: 'Der nächste Versuch startet von selbst.',
      paused: 'Jemand muss ihn fortsetzen.',
      event: 'Er läuft weiter, sobald das Ereignis eintrifft.',
    },
    flags: {
      worker_lost: 'Einen Worker starten. Übernimmt keiner den Lauf, ihn in der Quelle abbrechen.',
      unresponsive: 'Die Maschine prüfen, auf der er läuft.',
      orphaned: 'In der Quelle abbrechen: Nichts wird ihn mehr freigeben.',
      cannot_start: 'Beheben, was den Start verhindert, oder den Lauf in der Quelle abbrechen.',
      stuck: 'In der Quelle öffnen und prüfen, warum er nicht vorankommt.',
      late: 'Prüfen, ob ein passender Worker läuft und Kapazität hat.',
    },
    unknown: {
      no_time: 'In der Quelle öffnen und dafür sorgen, dass sie eine Startzeit meldet.',
      clock_skew: 'Die Uhren der Quelle und ihrer Worker richtig stellen.',
      status: 'In der Quelle öffnen. Der Status ist vielleicht neuer als diese Version von Tardy.',
    },
    reconciled: 'Klären, warum er stehen geblieben ist, bevor er erneut gestartet wird.',
    failed: 'Öffnen und prüfen, warum er fehlgeschlagen ist.',
    blocked: 'Öffnen und prüfen, was ihn blockiert hat.',
    partiallySucceeded: 'Öffnen und prüfen, welcher Teil nicht erfolgreich war.',
  },
  elapsed: (worked, silent) => `${worked} gelaufen, seit ${silent} kein Heartbeat`,
  progress: {
    part: (processed, total, unit) => amount(`${processed} von ${total}`, unit),
    count: (processed, unit) => `bisher ${amount(processed, unit)}`,
    counted: amount,
    finishing: (total, unit) => `alle ${amount(total, unit)} erledigt, wird noch abgeschlossen`,
    over: (processed, total, unit) => `${amount(processed, unit)}, mehr als die erwarteten ${total}`,
    failed: (count) => `${count} fehlgeschlagen`,
    skipped: (count) => `${count} übersprungen`,
    wentBack: (text, from) => `${text} (zurück von ${from})`,
    attempt: (attempt, text) => `Versuch ${attempt}: ${text}`,
  },
};
