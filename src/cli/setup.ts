import { setUp } from "./set-up";

const { stdin: input, stdout: output } = process;

void setUp({ folder: process.cwd(), input, output }).then(
  (isDone) => {
    process.exitCode = isDone ? 0 : 1;
  },
  (error: unknown) => {
    output.write(`Setup failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
