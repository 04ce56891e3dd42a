import { openStoryBook } from "../support/story";
import { externalsStories } from "./chapters/externals";
import { peopleStories } from "./chapters/people";
import { spacesStories } from "./chapters/spaces";
import { statusCardStories } from "./chapters/status-card";
import { teamStories } from "./chapters/team";
import { transferStories } from "./chapters/transfer";

const book = openStoryBook();

describe("externals", () => externalsStories(book));
describe("people on the roster", () => peopleStories(book));
describe("the team", () => teamStories(book));
describe("the status card", () => statusCardStories(book));
describe("files", () => transferStories(book));
describe("spaces", () => spacesStories(book));
