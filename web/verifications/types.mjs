/** The types of the API that are committed are those of `openapi.json`. */
import { readFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const committed = new URL("../src/api/schema.d.ts", import.meta.url);
const generated = COMMENT_HEADER + astToString(await openapiTS(new URL("../../openapi.json", import.meta.url)));

if (readFileSync(committed, "utf8") !== generated) {
  process.stderr.write("src/api/schema.d.ts is older than openapi.json: run `npm --prefix web run types`.\n");
  process.exit(1);
}
