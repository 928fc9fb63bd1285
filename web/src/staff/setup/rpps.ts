// What can be said of a practitioner's national number while it is typed. The server checks again.

export type NumberState = 'empty' | 'begun' | 'wrong_length' | 'wrong_key' | 'good';

const rppsDigits = 11;
const adeli = /^(\d{9}|2[AB]\d{7})$/;

/** An RPPS number carries a Luhn key (ISO/IEC 7812-1); an ADELI number has nine characters and no key that all share. */
export function numberState(typed: string): NumberState {
  const number = typed.replace(/[ .]/g, '').toUpperCase();
  if (number === '') return 'empty';
  if (/^\d{11}$/.test(number)) return luhnHolds(number) ? 'good' : 'wrong_key';
  if (adeli.test(number)) return 'good';
  return number.length < rppsDigits && /^\d*[AB]?\d*$/.test(number) ? 'begun' : 'wrong_length';
}

function luhnHolds(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
