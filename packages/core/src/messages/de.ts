import type { Messages } from '../messages.js';

export { deSurfaces } from './de-surfaces.js';

const amount = (count: string, unit: string) => (unit === '' ? count : `${count} ${unit}`);

const clocks = {
  queue: 'in der Warteschlange',
  run: 'Laufzeit',
  silence: 'ohne Lebenszeichen',
  hold: 'Wartezeit',
  deadline: 'nach der Frist',
} as const;

/** Was für eine Dauer jede Uhr misst, im Akkusativ. */
const durations = {
  queue: 'die Zeit in der Warteschlange',
  run: 'seine Laufzeit',
  silence: 'sein Schweigen',
  hold: 'seine Wartezeit',
  deadline: 'die Zeit nach der Frist',
} as const;

/** Womit jede Uhr beginnt, im Genitiv. */
const starts = {
  queue: 'seiner Einreihung',
  run: 'seines Starts',
  silence: 'seines letzten Lebenszeichens',
  hold: 'seines Anhaltens',
  deadline: 'seiner Frist',
} as const;

const flags = {
  worker_lost: 'Sein Worker ist weg',
  unresponsive: 'Sein Worker antwortet nicht',
  orphaned: 'Worauf er wartet, kann nicht mehr eintreten',
  cannot_start: 'Er kann nie starten',
  stuck: 'Die Quelle meldet, dass er hängt',
  late: 'Die Quelle meldet ihn als verspätet',
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
    heartbeat: 'Letztes Lebenszeichen',
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
    runningVouched: (span, silent) => `Läuft seit ${span}, letztes Lebenszeichen vor ${silent}`,
    runningSilent: (span, silent) => `Läuft seit ${span}, seit ${silent} kein Lebenszeichen`,
    silent: (silent) => `Seit ${silent} kein Lebenszeichen`,
    held: (hold, span) => {
      switch (hold) {
        case 'approval':
          return `Wartet seit ${span} auf Freigabe`;
        case 'schedule':
          return `Wartet seit ${span} auf seinen Termin`;
        case 'dependency':
          return `Wartet seit ${span} auf einen anderen Lauf`;
        case 'limit':
          return `Wartet seit ${span} auf einen freien Platz`;
        case 'retry':
          return `Wartet seit ${span} auf den nächsten Versuch`;
        case 'paused':
          return `Seit ${span} pausiert`;
        case 'event':
          return `Wartet seit ${span} auf ein Ereignis`;
      }
    },
    goesOnIn: (span) => `Geht in ${span} weiter`,
    dueIn: (span) => `Fällig in ${span}`,
    overdue: (span) => `Frist seit ${span} überschritten`,
    unknown: {
      no_time: 'Keine Zeitangabe, nach der man urteilen könnte',
      clock_skew: 'Seine Zeiten liegen in der Zukunft',
      status: 'Die Quelle meldet einen unbekannten Status',
    },
    reconciled: (ago) => `Nach Stillstand geschlossen, ${ago}`,
    ended: (label, ago) => `${label}, ${ago}`,
    endedUnknown: (ago) => `Beendet, ${ago}, Ergebnis unbekannt`,
    withheld: (headline) => `Zuletzt bekannt: ${headline}`,
  },
  reason: {
    workedThenSilent: (worked, silent) => `Er hat ${worked} gearbeitet und schweigt seit ${silent}.`,
    threshold: (level, clock, span, rule) =>
      `Ab ${span} ${clocks[clock]} gilt er als ${level === 'late' ? 'verspätet' : 'vermutlich hängend'} (${rule}).`,
    neverLate: (clock, rule) => `Für ${durations[clock]} gilt keine Grenze (${rule}).`,
    deadlineAhead: 'Ab seiner Frist gilt er als verspätet.',
    deadlinePassed: 'Seine Frist ist abgelaufen.',
    noHeartbeat: 'Die Quelle meldet keine Lebenszeichen; es bleibt nur die verstrichene Zeit.',
    vouched: 'Sein Lebenszeichen ist frisch, deshalb gilt er nicht als hängend.',
    flag: (kind, text, rule) =>
      `${flags[kind]}${text === undefined ? '' : `: ${text}`}${rule === undefined ? '' : ` (${rule})`}.`,
    skewed: (which) =>
      `Der Zeitpunkt ${which.map((clock) => starts[clock]).join(' und der ')} ` +
      'liegt zu weit in der Zukunft, um zu zählen; bitte die Uhren prüfen.',
    unknown: {
      no_time: () => 'Er ist aktiv, aber die Quelle nennt weder Einreihung noch Start.',
      clock_skew: () => 'Er ist aktiv, aber seine Zeiten liegen zu weit in der Zukunft, um zu zählen.',
      status: (status) => `Die Quelle meldet den unbekannten Status „${status}“; er kann aktiv sein oder nicht.`,
    },
    reconciled: (from, reason) =>
      `Das System hat ihn nach Stillstand geschlossen${from === '' ? '' : ` (vorher: ${from})`}${reason === '' ? '.' : `: ${reason}.`}`,
    ended: (duration, failure) =>
      `${duration === undefined ? 'Er ist beendet.' : `Er dauerte ${duration}.`}${failure === '' ? '' : ` ${failure}`}`,
    withheld: 'Neueres ist nicht bekannt; ob es ihm gut geht, lässt sich nicht sagen.',
  },
  guidance: {
    late: {
      queue: 'Prüfen, ob ein passender Worker läuft und Platz hat.',
      run: 'Prüfen, ob er noch vorankommt; mehr ist noch nicht nötig.',
      silence: 'Gleich noch einmal nachsehen: Ein lebender Worker meldet sich.',
      hold: 'Prüfen, ob das, worauf er wartet, noch geschehen wird.',
      deadline: 'Allen Bescheid geben, die auf ihn warten, und nachsehen, was er gerade tut.',
    },
    stale: {
      queue: 'Einen passenden Worker starten oder den Lauf dort beenden, wo er gestartet wurde.',
      run: 'Öffnen und nachsehen, ob sich noch etwas bewegt. Wenn nicht, dort beenden, wo er gestartet wurde.',
      silence:
        'Prüfen, ob sein Worker lebt. Wenn nicht, den Lauf dort beenden, wo er gestartet wurde, damit weitergeht, was auf ihn wartet.',
      hold: 'Entscheiden, worauf er wartet, oder ihn dort beenden, wo er gestartet wurde.',
      deadline:
        'Auf ihn kann niemand mehr zählen: nachsehen, was er tut, oder ihn dort beenden, wo er gestartet wurde.',
    },
    holds: {
      approval: 'Jemand muss ihn freigeben.',
      schedule: 'Er geht zu seinem Termin von selbst weiter.',
      dependency: 'Er geht weiter, wenn der Lauf vor ihm beendet ist.',
      limit: 'Er startet, sobald ein Platz frei wird.',
      retry: 'Der nächste Versuch startet von selbst.',
      paused: 'Jemand muss ihn fortsetzen.',
      event: 'Er geht weiter, wenn das Ereignis eintrifft.',
    },
    flags: {
      worker_lost: 'Wieder einen Worker starten. Nimmt keiner den Lauf auf, ihn dort beenden, wo er gestartet wurde.',
      unresponsive: 'Die Maschine prüfen, auf der er läuft.',
      orphaned: 'In der Quelle abbrechen: Nichts wird ihn mehr freigeben.',
      cannot_start: 'Beheben, was den Start verhindert, oder den Lauf in der Quelle abbrechen.',
      stuck: 'In der Quelle öffnen und nachsehen, warum er nicht weitergeht.',
      late: 'Prüfen, ob ein passender Worker läuft und Platz hat.',
    },
    unknown: {
      no_time: 'In der Quelle öffnen und dafür sorgen, dass sie eine Startzeit sendet.',
      clock_skew: 'Die Uhren der Quelle und ihrer Worker richtig stellen.',
      status: 'In der Quelle öffnen; der Status ist vielleicht neuer als diese Fassung von Tardy.',
    },
    reconciled: 'Klären, warum er stehen blieb, bevor er erneut gestartet wird.',
    failed: 'Öffnen und nachsehen, warum er fehlschlug.',
    blocked: 'Öffnen und nachsehen, was ihn blockiert hat.',
    partiallySucceeded: 'Öffnen und nachsehen, welcher Teil nicht gelang.',
  },
  elapsed: (worked, silent) => `${worked} gearbeitet, seit ${silent} still`,
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
