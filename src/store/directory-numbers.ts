import type { DirectoryPhone } from "../directory/directory";
import { UnsealError, type Secrets } from "../secrets";
import type { PersonRow } from "./directory-tables";

/** Which of somebody's numbers are dialled, and how they are read. */
export interface DirectoryNumbers {
  smsPhoneType: string;
  voicePhoneType: string;
  /** As it can be dialled, E.164; `undefined` where it cannot. */
  dialable: (text: string) => string | undefined;
}

export interface NumbersOfPerson {
  mobile?: string;
  voice?: string;
}

export const PHONES = "directory_people.phones";

/** Unopened when the row was changed, or was sealed with another key. */
export function openPhones(secrets: Secrets, row: PersonRow): DirectoryPhone[] | "unopened" {
  if (row.phones === null) return [];
  try {
    return JSON.parse(secrets.decrypt(row.phones, PHONES, row.person_id)) as DirectoryPhone[];
  } catch (error) {
    if (error instanceof UnsealError || error instanceof SyntaxError) return "unopened";
    throw error;
  }
}

/** The first of each type that can be dialled. */
export function numbersIn(
  phones: readonly DirectoryPhone[],
  numbers: DirectoryNumbers,
): NumbersOfPerson {
  const mobile = firstOf(phones, numbers.smsPhoneType, numbers);
  const voice =
    numbers.voicePhoneType === numbers.smsPhoneType
      ? mobile
      : firstOf(phones, numbers.voicePhoneType, numbers);
  return {
    ...(mobile === undefined ? {} : { mobile }),
    ...(voice === undefined ? {} : { voice }),
  };
}

function firstOf(
  phones: readonly DirectoryPhone[],
  type: string,
  { dialable }: DirectoryNumbers,
): string | undefined {
  for (const phone of phones) {
    const number = phone.type === type ? dialable(phone.value) : undefined;
    if (number !== undefined) return number;
  }
  return undefined;
}

/**
 * How many numbers of the two types that are used are not dialled: those that cannot be read, are
 * premium-rate or shared-cost, or lie outside DIAL_COUNTRIES. Of other types none counts.
 */
export function countUndialled(
  phones: readonly DirectoryPhone[],
  { dialable, smsPhoneType, voicePhoneType }: DirectoryNumbers,
): number {
  const used = phones.filter(({ type }) => type === smsPhoneType || type === voicePhoneType);
  return used.filter(({ value }) => dialable(value) === undefined).length;
}
