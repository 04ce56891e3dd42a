import type { OpenApi } from "./data";
import { OpenApiCheck } from "./openapi-check";
import { Exceptions } from "./tally";

const text = { type: "string" };
const json = (schema: object) => ({ content: { "application/json": { schema } } });
const room = { type: "object", properties: { id: text, type: { enum: ["group"] } } };

const described: OpenApi = {
  paths: {
    "/rooms": {
      get: {
        parameters: [
          { name: "max", in: "query", schema: { type: "number" } },
          { name: "type", in: "query", required: true, schema: text },
        ],
        responses: { "200": json({ type: "object", properties: { items: { type: "array" } } }) },
      },
      post: {
        requestBody: json({ type: "object", required: ["title"], properties: { title: text } }),
        responses: { "200": json({ $ref: "#/components/schemas/Room" }), "400": {} },
      },
    },
    "/rooms/{roomId}": { delete: { responses: { "204": {} } } },
    "/meetings": {
      get: {
        responses: {
          "200": {
            content: {
              "application/json;charset=UTF-8": {
                schema: { type: "object", properties: { id: text } },
              },
            },
          },
        },
      },
    },
  },
  components: { schemas: { Room: room } },
};

const check = new OpenApiCheck(described);
const created = { method: "POST", path: "/rooms", status: 200, body: { title: "x" }, response: {} };

it("passes what is described", () => {
  const nothing = { request: [], answer: [] };
  expect(check.check({ ...created, response: { id: "1" } })).toEqual(nothing);
  expect(check.check({ ...created, status: 400, response: { message: "no" } })).toEqual(nothing);
  const list = { method: "GET", path: "/rooms?type=group&max=10", status: 200 };
  expect(check.check({ ...list, response: { items: [] } })).toEqual(nothing);
  expect(check.check({ method: "DELETE", path: "/rooms/1", status: 204 })).toEqual(nothing);
});

it.each([
  ["an unknown field", { body: { title: "x", colour: "red" } }, /additional properties: colour/],
  ["a missing field", { body: {} }, /required property 'title'/],
  ["no body", { body: undefined }, /must be object/],
  ["an unknown path", { path: "/spaces" }, /is not described/],
  ["an unknown method", { method: "PUT" }, /is not described/],
  ["an unknown query", { path: "/rooms?x=1" }, /additional properties: x/],
])("finds %s in a request", (_what, change, detail) => {
  const { request } = check.check({ ...created, ...change });
  expect(request).toEqual([
    expect.objectContaining({ detail: expect.stringMatching(detail) as string }),
  ]);
});

it("finds a query that is no number, and one that is missing", () => {
  const { request } = check.check({ method: "GET", path: "/rooms?max=many", status: 200 });
  const details = request.map(({ detail }) => detail).join("\n");
  expect(details).toMatch(/max must be number/);
  expect(details).toMatch(/required property 'type'/);
});

it.each([
  ["an unknown status", { status: 418 }, /418 is not described/],
  ["an unknown field", { response: { id: "1", size: 2 } }, /additional properties: size/],
  ["an unknown value", { response: { type: "huge" } }, /allowed values/],
])("finds %s in an answer", (_what, change, detail) => {
  const { answer } = check.check({ ...created, ...change });
  expect(answer).toEqual([
    expect.objectContaining({ detail: expect.stringMatching(detail) as string }),
  ]);
});

it("checks an answer whose type names the character set", () => {
  const read = { method: "GET", path: "/meetings", status: 200 };
  expect(check.check({ ...read, response: { id: "1" } }).answer).toEqual([]);
  expect(check.check({ ...read, response: { size: 2 } }).answer).toHaveLength(1);
});

it("finds a body where none is described", () => {
  const removed = { method: "DELETE", path: "/rooms/1", status: 204 };
  expect(check.check({ ...removed, response: {} }).answer).toHaveLength(1);
  expect(check.check({ ...removed, body: {} }).request).toHaveLength(1);
});

it("has nothing to say about the answer to a call that was cut off", () => {
  expect(check.check({ ...created, status: 0, response: undefined }).answer).toEqual([]);
});

it("fails an exception that was never needed", () => {
  const known = new Exceptions([
    { reason: "used", covers: ({ part }) => part === "path" },
    { reason: "old", covers: () => false },
  ]);
  expect(known.cover({ operation: "GET /x", part: "path", detail: "" })).toBe(true);
  expect(known.cover({ operation: "GET /x", part: "query", detail: "" })).toBe(false);
  expect(known.tally()).toMatchObject({ passed: 1, failures: ["never needed: old"] });
});
