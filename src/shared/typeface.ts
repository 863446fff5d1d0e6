import path from 'node:path';

// The design system's typeface (IBM Plex Sans, SIL Open Font License), for what is drawn here: every European letter is in it.

const fonts = path.resolve(import.meta.dirname, '../../node_modules/dkfds/dist/fonts/IBMPlexSans/complete/woff');

export const fontFiles = {
  text: path.join(fonts, 'IBMPlexSans-Regular.woff'),
  bold: path.join(fonts, 'IBMPlexSans-SemiBold.woff'),
};
