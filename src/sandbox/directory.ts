import { makeId, parseId } from "./ids";
import type { PhoneNumber, SandboxPerson } from "./model";

/** So many that they are made only when somebody looks at them; always the same ones. */
export class GeneratedDirectory {
  constructor(
    readonly size: number,
    readonly orgId: string,
    private readonly created: number,
  ) {}

  idAt(index: number): string {
    return makeId("PEOPLE", `${UUID_START}${index.toString(16).padStart(12, "0")}`);
  }

  /** Where this id stands in the directory. */
  indexOf(id: string): number | undefined {
    const parsed = parseId(id);
    if (parsed?.type !== "PEOPLE" || !parsed.uuid.startsWith(UUID_START)) return undefined;
    return this.checked(parseInt(parsed.uuid.slice(UUID_START.length), 16));
  }

  indexOfEmail(email: string): number | undefined {
    const [, digits = ""] = /(\d+)@/.exec(email) ?? [];
    const index = this.checked(digits === "" ? NaN : Number(digits));
    return index !== undefined && this.emailAt(index) === email.toLowerCase() ? index : undefined;
  }

  nameAt(index: number): string {
    const first = pick(FIRST_NAMES, index, 1);
    const last = pick(LAST_NAMES, index, 2);
    return chance(index, 3) < 0.05
      ? `${first} ${last} ${pick(LAST_NAMES, index, 4)}`
      : `${first} ${last}`;
  }

  /** A person of their own each time. Nobody knows a token of theirs. */
  personAt(index: number): SandboxPerson {
    return {
      id: this.idAt(index),
      displayName: this.nameAt(index),
      email: this.emailAt(index),
      orgId: this.orgId,
      type: chance(index, 5) < 0.002 ? "appuser" : "person",
      token: "",
      isAdmin: false,
      phoneNumbers: phoneNumbers(index),
      isPending: chance(index, 6) < 0.01,
      isLoginEnabled: chance(index, 7) >= 0.02,
      created: this.created,
    };
  }

  /** One in five hundred has none. */
  private emailAt(index: number): string {
    if (chance(index, 8) < 0.002) return "";
    const plain = this.nameAt(index).normalize("NFD").toLowerCase().replace(/[øłß]/g, asPlain);
    const local = plain.match(/[a-z]+/g)?.join(".") ?? "person";
    return `${local}${index}@${chance(index, 9) < 0.1 ? "emea." : ""}example.com`;
  }

  private checked(index: number): number | undefined {
    return Number.isInteger(index) && index >= 0 && index < this.size ? index : undefined;
  }
}

const UUID_START = "d12ec704-0000-4000-8000-";

function asPlain(letter: string): string {
  return { ø: "o", ł: "l", ß: "ss" }[letter] ?? letter;
}

/** As people really type them: most can be understood, some cannot. */
function phoneNumbers(index: number): PhoneNumber[] {
  const numbers: PhoneNumber[] = [];
  if (chance(index, 10) < 0.7) numbers.push({ type: "mobile", value: mobile(index) });
  if (chance(index, 11) < 0.8) numbers.push({ type: "work", value: work(index) });
  if (chance(index, 12) < 0.1)
    numbers.push({ type: "work_extension", value: String(1_000 + (index % 9_000)) });
  if (chance(index, 13) < 0.02) numbers.push({ type: "fax", value: `+1 303 555 ${four(index)}` });
  return numbers;
}

function mobile(index: number): string {
  const number = four(index);
  const forms = [
    ...[`+1202555${number}`, `+1 202 555 ${number}`, `+1 (202) 555-${number}`],
    ...[`+44 7700 90${number}`, `+351 912 34${number}`, `202-555-${number}`],
  ];
  return forms[Math.floor(chance(index, 14) * forms.length)] ?? "";
}

function work(index: number): string {
  const number = four(index);
  const turn = chance(index, 15);
  if (turn < 0.02) return ["ask reception", "n/a", "TBD", "12", "+"][index % 5] ?? "";
  if (turn < 0.12) return `+1 408 555 ${number} ext ${10 + (index % 90)}`;
  if (turn < 0.17) return `+1 408 555 ${number} x${100 + (index % 900)}`;
  if (turn < 0.3) return `(408) 555-${number}`;
  return turn < 0.4 ? `+44 (0)20 7946 ${number}` : `+1 408 555 ${number}`;
}

function four(index: number): string {
  return String(index % 10_000).padStart(4, "0");
}

/** A few names are common and many are rare. */
function pick(names: readonly string[], index: number, salt: number): string {
  const turn = chance(index, salt);
  return names[Math.floor(turn * turn * names.length)] ?? "";
}

/** From 0 to 1, the same for the same person and salt, and alike for no two. */
function chance(index: number, salt: number): number {
  let mixed = (Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

const FIRST_NAMES = words(`
Maria James Anna John José Michael Sara David Ana Robert Laura Thomas Emma Daniel Sofia Peter Julia
Martin Eva Paul Lucía Mark Elena Andrew Claudia Jan Mariana Stefan Chloé Kevin Zoë Brian Amélie Luis
Nadia Carlos Ingrid Pedro Isabel João Françoise Jürgen Renée Björn Søren Łukasz Małgorzata Željko
Siobhán Aoife Nuño Íñigo Ángel Óscar Émile Gaëlle André Noémi Zsófia Tomáš Jiří Kateřina Ştefan
İbrahim Gülşen Yusuf Mehmet Priya Rahul Deepa Arjun Sanjay Wei Mei Hiroshi Yuki Kenji Min-jun Linh
Nguyên Olu Chidi Amara Kwame Fatima Omar Layla Hassan Leila Noor Ali Olga Dmitri Svetlana Anastasia
Jean-Pierre Marie-Claire Anne-Sophie D'Arcy Bo Li Xu Jo Ib Maximilian Wolfgang Bartholomew
`);

const LAST_NAMES = words(`
Smith Silva Garcia Müller Johnson Martin Santos Brown Rossi Jones López Miller Pereira Schmidt
Williams Dubois Fernández Davis Nowak Kumar Patel Lee Wang Kim Nguyen Tanaka Sato Singh Khan Ali
Hernández Martínez González Rodríguez Sánchez Pérez Gómez Muñoz Núñez Ibáñez Peña Conceição Simões
Magalhães Gonçalves Araújo Lindqvist Åkesson Öberg Østergaard Sørensen Jørgensen Håkansson Virtanen
Mäkinen Größler Weiß Schröder Köhler Krüger Lefèvre Châtelain Beauséjour Benoît Müller-Lüdenscheidt
O'Brien O'Connor MacDonald McCarthy Ó Kowalski Wójcik Wiśniewski Żukowski Dvořák Černý Novák Horváth
Szabó Kovács Đorđević Petrović Popescu Ștefănescu Yılmaz Çelik Öztürk Papadopoulos Ivanov Petrov
van-Dijk de-Vries Janssen Peeters Claes Okafor Adeyemi Mensah Abebe Haddad Nasser Cohen Levi Chen Zhang
Liu Yang Suzuki Watanabe Park Choi Tran Pham Reyes Cruz Bautista Thompson Anderson Carter Walker
`);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
