import { loadMessages } from "../../src/notify/messages";
import { readAnswer, readKeyword, type TextAnswer } from "../../src/notify/reply-words";

const languages = Object.values(loadMessages("cards/messages")).map(({ words }) => words);
const read = (text: string, theirs: readonly number[] = [42, 7]): TextAnswer =>
  readAnswer(text, languages, theirs);
const keyword = (text: string) => readKeyword(text, languages);

test.each([
  "Y",
  "y",
  " Yes! ",
  "1",
  "1.",
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

test.each(["N", "no", "2", "Nein.", "non", "can't", "No way, I am in Norway", "No, 1 of us can"])(
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
  ["yes#42", "coming", 42],
  ["Y42, ten minutes", "coming", 42],
  ["Yes #42 in ten minutes", "coming", 42],
  ["N7!", "declined", 7],
  ["1 42", "coming", 42],
  ["1#42", "coming", 42],
  ["2 42.", "declined", 42],
  ["2 #42 sorry", "declined", 42],
] as const)("%j is for one incident", (text, kind, incidentNumber) => {
  expect(read(text)).toEqual({ kind, incidentNumber });
});

test.each([
  ["Yes 10 minutes", "coming"],
  ["ok 5 min", "coming"],
  ["Y 15", "coming"],
  ["Yes 42 minutes", "coming"],
  ["ja, 20", "coming"],
  ["no 2 cars here", "declined"],
  ["N 2", "declined"],
] as const)("%j has a number that is no incident's", (text, kind) => {
  expect(read(text)).toEqual({ kind });
});

test.each(["Y99", "no#8", "Y #99", "2 #43 sorry", "Y99999999999999", "ok5"])(
  "%j is for an incident that is none of theirs",
  (text) => {
    expect(read(text)).toEqual({ kind: "unclear" });
  },
);

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
  expect(keyword(text)).toBe("stop");
});

test.each(["START", "unstop", "Alta"])("%j lets them come again", (text) => {
  expect(keyword(text)).toBe("start");
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
  "2 minutes away",
  "1 of us is there",
  "2 15",
  "1 42 43",
  "Yesterday it worked",
  "Y".repeat(4_000),
  "<script>yes</script>",
])("%j is something said", (text) => {
  expect(keyword(text)).toBeUndefined();
  expect(read(text)).toEqual({ kind: "words" });
});
