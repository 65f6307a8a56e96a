import qrcode from 'qrcode-generator';

/** The modules of a QR code for a text, row by row; true is dark. */
export function qrModules(text) {
  // Type 0 takes the smallest size that fits; M survives 15 % damage.
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  return Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => code.isDark(row, column)));
}
