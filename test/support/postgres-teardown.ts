import { stopPostgres } from "./postgres-server";

export default async function tearDown(): Promise<void> {
  await stopPostgres();
}
