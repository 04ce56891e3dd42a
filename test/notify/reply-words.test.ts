import { loadMessages } from "../../src/notify/messages";
import { readReply, type Reply } from "../../src/notify/reply-words";

const languages = Object.values(loadMessages("cards/messages")).map(({ words }) => words);
const read = (text: string): Reply => readReply(text, languages);

test.each([
  "Y",
  "y",
  " Yes! ",
  "1",
  "ja",
  "Sí",
  "si.",
  "OUI",
  "j’arrive",
  "Yes, I am on my way in ten minutes",
  "ok",
])("%j is coming", (text) => {
  expect(read(text)).toEqual({ kind: "coming" });
});

test.each(["N", "no", "2", "Nein.", "non", "can't", "No way, I am in Norway"])(
  "%j is declined",
  (text) => {
    expect(read(text)).toEqual({ kind: "declined" });
  },
);

test.each([
  ["Y42", "coming", 42],
  ["y 42", "coming", 42],
  ["Y #42", "coming", 42],
  ["yes42", "coming", 42],
  ["N7!", "declined", 7],
  ["1 42", "coming", 42],
  ["2 42 sorry", "declined", 42],
] as const)("%j is for one incident", (text, kind, incidentNumber) => {
  expect(read(text)).toEqual({ kind, incidentNumber });
});

test.each([
  "STOP",
  "stop.",
  "Stopall",
  "UNSUBSCRIBE",
  "cancel",
  "End",
  "quit",
  "Stopp",
  "arrêt",
  "BAJA",
])("%j ends texts", (text) => {
  expect(read(text)).toEqual({ kind: "stop" });
});

test.each(["START", "unstop", "Alta"])("%j lets them come again", (text) => {
  expect(read(text)).toEqual({ kind: "start" });
});

test.each([
  "",
  "   ",
  "?!",
  "stop the database first",
  "please stop",
  "the yes server is down",
  "12",
  "142",
  "Yesterday it worked",
  "Y".repeat(4_000),
  "<script>yes</script>",
])("%j is something said", (text) => {
  expect(read(text)).toEqual({ kind: "words" });
});

test("a number that no incident can have is none", () => {
  expect(read("Y99999999999999")).toEqual({ kind: "coming" });
});
