import { isSupportedCountry, Metadata } from 'libphonenumber-js/min';

export { AsYouType, getCountries, getCountryCallingCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** The country that most numbers of a calling code belong to, as a code of two letters, if there is one. @param {string} callingCode */
export function mainCountry(callingCode) {
  // The typings leave this method out.
  const country = /** @type {any} */ (new Metadata()).getCountryCodesForCallingCode(callingCode)?.[0];
  return country && isSupportedCountry(country) ? country : undefined;
}
