import type { share as english } from '../en/share';
import type { Translated } from '../Translated';

export const share: Translated<typeof english> = {
  copyLink: 'Link kopieren',
  copyTicket: 'Für ein Ticket kopieren',
  ticket: 'für ein Ticket',
  copyPicture: 'Als Bild kopieren',
  picture: 'als Bild',
  linkCopied: 'Link kopiert',
  keepsShowing: 'Er zeigt weiterhin {{range}}',
  ticketCopied: 'Für ein Ticket kopiert: der Satz, die Zahlen und der Link',
  pictureCopied: 'Bild kopiert',
  noPicture: 'Das Bild konnte nicht erzeugt werden',
  ticketAll: 'Im Ganzen: {{figures}}.',
  ticketLink: 'Was {{name}} da aufhielt',
  closed: 'Ihr Browser lässt diese Seite nicht kopieren',
  byHand: 'Kopieren Sie es von hier:',
  theText: 'der Text zum Kopieren',
  pictureByHand:
    'Speichern Sie das Bild, oder kopieren Sie es mit seinem Menü:',
  thePicture: 'Das Bild zum Kopieren',
  save: 'Speichern',
  close: 'Schließen',
};
