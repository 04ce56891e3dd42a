import { ApiError, type Upload } from "./api";

/** As base64, what the sandbox takes in one request. */
const MOST_BYTES = 700 * 1024;

/** Reads a file of this computer. Rejects with a sentence where it is too large or unreadable. */
export async function readUpload(file: File): Promise<Upload> {
  if (file.size > MOST_BYTES) {
    throw new ApiError(`${file.name} is too large for the sandbox; 700 KB are the most.`);
  }
  let binary = "";
  for (const byte of new Uint8Array(await file.arrayBuffer())) binary += String.fromCharCode(byte);
  const type = file.type === "" ? "application/octet-stream" : file.type;
  return { name: file.name, type, content: btoa(binary) };
}
