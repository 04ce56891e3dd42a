import { openStoryBook } from "../support/story";
import { answerStories } from "./chapters/answers";
import { directoryStories } from "./chapters/directory";
import { externalsStories } from "./chapters/externals";
import { grantSecretsStories } from "./chapters/grant-secrets";
import { peopleStories } from "./chapters/people";
import { presenceStories } from "./chapters/presence";
import { remindersStories } from "./chapters/reminders";
import { spacesStories } from "./chapters/spaces";
import { statusCardStories } from "./chapters/status-card";
import { teamStories } from "./chapters/team";
import { transferStories } from "./chapters/transfer";

const book = openStoryBook();

describe("externals", () => externalsStories(book));
describe("people on the roster", () => peopleStories(book));
describe("the team", () => teamStories(book));
describe("the status card", () => statusCardStories(book));
describe("answers on Webex", () => answerStories(book));
describe("reminders", () => remindersStories(book));
describe("presence in the meeting", () => presenceStories(book));
describe("files", () => transferStories(book));
describe("spaces", () => spacesStories(book));
describe("people of the directory", () => directoryStories(book));
describe("what grants leave behind", () => grantSecretsStories(book));
