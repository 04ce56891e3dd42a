import type { WorldState } from "../world-state";

/** What Webex's SDK asks for before anything else: where the services are. */
export function serviceCatalog(state: WorldState): Record<string, unknown> {
  const origin = state.context.origin();
  const names = ["conversation", "metrics", "wdm"];
  return {
    serviceLinks: {
      hydra: `${origin}/v1`,
      u2c: `${origin}/u2c/api/v1`,
      ...Object.fromEntries(names.map((name) => [name, `${origin}/${name}/api/v1`])),
    },
    hostCatalog: {},
  };
}
