// Holds the survivors in Stryker's reports against their explanations in docs/mutation.md, and writes the scores into that page, as of a commit:
// mutation-survivors.mjs FOLDER COMMIT PART… reads FOLDER/PART/reports/mutation-report.json of the code in FOLDER/source. An explanation is of a file, what stood
// there and what the mutant put in its place, so that it outlives moved lines. Ends with 1 when a survivor has none; names explanations of no survivor.
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const [folder, commit, ...parts] = process.argv.slice(2);
const page = "docs/mutation.md";
const longest = 120;

// Longer texts, mostly whole blocks, are known by how they begin and end.
const oneLine = (text) => {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest / 2)} … ${line.slice(-longest / 2)}`;
};

const textAt = (source, { start, end }) => {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.join("\n");
};

/** How the page names a mutant: with the line around it, unless it goes over more than one. */
const nameOf = (file, source, { location, replacement }) => {
  const { start, end } = location;
  const around = start.line === end.line ? `, in \`${source.split("\n")[start.line - 1].trim()}\`` : "";
  return `- \`${file}\`: \`${oneLine(textAt(source, location))}\` → \`${oneLine(replacement)}\`${around}`;
};

const read = (part) => {
  const report = JSON.parse(readFileSync(join(folder, part, "reports/mutation-report.json"), "utf8"));
  const files = Object.entries(report.files).map(([path, { source, mutants }]) => {
    const file = relative(join(folder, "source"), path);
    return { file, mutants: mutants.map((mutant) => ({ ...mutant, name: nameOf(file, source, mutant) })) };
  });
  const mutants = files.flatMap((file) => file.mutants);
  return { part, files, mutants, count: (status) => mutants.filter((mutant) => mutant.status === status).length };
};

/** A mutant whose tests never end is noticed too. */
const scoreOf = ({ count }) => {
  const noticed = count("Killed") + count("Timeout");
  return (100 * noticed) / (noticed + count("Survived") + count("NoCoverage"));
};

const reports = parts.map(read);
const text = readFileSync(page, "utf8");
const explained = text.split("\n").filter((line) => line.startsWith("- `src/"));
const survivors = reports.flatMap(({ mutants }) => mutants).filter(({ status }) => status === "Survived" || status === "NoCoverage");
const names = new Set(survivors.map(({ name }) => name));

const unexplained = survivors.filter(({ name }) => !explained.includes(name));
for (const { name, mutatorName, status } of unexplained) console.log(`not explained (${mutatorName}, ${status}):\n${name}`);
const mutated = new Set(reports.flatMap(({ files }) => files.map(({ file }) => file)));
for (const line of explained) {
  if (mutated.has(line.split("`")[1]) && !names.has(line)) console.log(`explained, and no survivor is left:\n${line}`);
}

const today = new Date().toISOString().slice(0, 10);
const rowOf = (report) => {
  const counts = ["Killed", "Timeout", "Survived", "NoCoverage"].map(report.count);
  return `| ${report.part} | ${counts.join(" | ")} | ${scoreOf(report).toFixed(1)} % | ${today}, ${commit} |`;
};
const rows = new Map(reports.map((report) => [report.part, rowOf(report)]));
for (const row of rows.values()) console.log(row);
writeFileSync(page, text.replace(/^\| ([\w-]+) \| \d.*$/gm, (row, part) => rows.get(part) ?? row));
process.exitCode = unexplained.length === 0 ? 0 : 1;
