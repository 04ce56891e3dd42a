import { readFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";

export interface ContractData {
  webex: OpenApi;
  card: object;
}

export interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
}

export interface Operation {
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

/** What Webex publishes about its own API and cards; it is not ours to keep in the repository. */
export function readContractData(folder = process.env.MUSTER_CONTRACT_DATA ?? ""): ContractData {
  if (folder === "")
    throw new Error(
      "MUSTER_CONTRACT_DATA is not set. It names the folder that holds webex-openapi.json and " +
        "adaptive-card-1.3.json.",
    );
  const read = (file: string): unknown =>
    JSON.parse(readFileSync(join(isAbsolute(folder) ? folder : resolve(folder), file), "utf8"));
  return {
    webex: read("webex-openapi.json") as OpenApi,
    card: read("adaptive-card-1.3.json") as object,
  };
}
