import type { SurfaceMessages } from '../surface-messages.js';

const rows = (count: number) => (count === 1 ? '1 Zeile' : `${count} Zeilen`);

/** German. */
export const deSurfaces: SurfaceMessages = {
  tabs: {
    all: 'Alle',
    active: 'Aktiv',
    active_stale_attention: 'Braucht Aufmerksamkeit',
    terminal_follow_up: 'Nacharbeit',
    completed: 'Beendet',
  },
  states: {
    likely_stale: 'Hängt vermutlich',
    late: 'Verspätet',
    unknown: 'Nicht zu beurteilen',
    reconciled: 'Nach Stillstand geschlossen',
    fresh: 'Gesund',
    terminal: 'Beendet',
  },
  figures: {
    active: 'Aktiv',
    late: 'Verspätet',
    likely_stale: 'Hängt vermutlich',
    unknown: 'Nicht zu beurteilen',
    follow_up_lately: 'Jüngst fehlgeschlagen',
  },
  unhealthy: (count) => `${count} ungesund`,
  allHealthy: 'alle gesund',
  lately: 'in den letzten 24 h',
  atLeast: (count) => `${count}+`,
  more: (count) => `+${count} weitere`,
  moreUnhealthy: (count) =>
    count === 1 ? 'einer davon braucht Aufmerksamkeit' : `${count} davon brauchen Aufmerksamkeit`,
  running: {
    title: 'Aktive Läufe',
    none: 'Nichts läuft.',
    noneThen: (time) => `Um ${time} lief nichts.`,
  },
  attention: {
    title: 'Braucht Aufmerksamkeit',
    none: 'Nichts braucht Aufmerksamkeit.',
    noneThen: (time) => `Um ${time} brauchte nichts Aufmerksamkeit.`,
    open: 'In der Liste zeigen',
  },
  view: {
    loading: 'Lädt…',
    asOf: (time) => `Stand ${time}, wird nicht aktualisiert.`,
    record: (time) => `Bericht vom ${time}.`,
    unreachable: 'Die Läufe sind gerade nicht zu lesen.',
    nextTry: (time) => `Nächster Versuch um ${time}.`,
    refresh: 'Aktualisieren',
    unreadable: (count) => `${rows(count)} nicht lesbar.`,
    foreign: (count) => `${rows(count)} eines anderen Mandanten zurückgehalten.`,
    incomplete: 'Nicht alles war lesbar.',
    signedOut: 'Sie sind nicht mehr angemeldet.',
    denied: 'Sie dürfen die Läufe hier nicht sehen.',
    notFound: 'Hier ist nichts, was Sie sehen können.',
    runNotFound: 'Diesen Lauf gibt es nicht, oder Sie können ihn nicht sehen.',
    misconfigured: 'Diese Seite darf jene Adresse nicht fragen: Ein anderer Ursprung braucht einen Fetcher.',
  },
  announce: {
    changed: (title, label) => `${title}: ${label}`,
    progressed: (title, percent) => `${title}: ${percent}`,
    others: (count) => `${count} weitere Änderungen`,
    notUpdating: 'Die Läufe werden nicht aktualisiert.',
  },
};
