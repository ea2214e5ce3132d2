// The reference page: Swagger UI with an index, a search over everything that is said of an operation,
// and tokens of the sandbox's principals for trying operations out. No other origin is ever asked.
"use strict";

const site = new URLSearchParams(location.search).get("site");
const element = (id) => document.getElementById(id);

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Control calls

let controlToken = "";

async function control(method, path, body) {
  const headers = controlToken ? { Authorization: `Bearer ${controlToken}` } : {};
  const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  const content = await answer.json();
  element("admission").hidden = answer.status !== 401;
  if (!answer.ok) throw new Error(content.error);
  return content;
}

function tell(text) {
  element("told").textContent = text;
}

// What is said of each operation, for the search

function entriesOf(spec) {
  const entries = [];
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const { operationId: id, summary, tags: [area] } = operation;
      const call = `${method.toUpperCase()} ${path}`;
      const lines = [summary, call, ...operation.description.split("\n"), `Fields: ${fieldsOf(operation).join(", ")}`];
      entries.push({ id, area, method, path, summary, lines, text: [id, area, ...lines].join("\n") });
    }
  }
  return entries.sort((one, other) => one.area.localeCompare(other.area) || one.id.localeCompare(other.id));
}

function fieldsOf(operation) {
  const names = new Set((operation.parameters || []).map((one) => one.name));
  const visit = (node) => {
    if (!node || typeof node !== "object") return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "properties") Object.keys(value).forEach((name) => names.add(name));
      if (key !== "examples") visit(value);
    }
  };
  visit(operation.requestBody);
  visit(operation.responses);
  return [...names];
}

// All words must occur. Operations found by name come first, then by path or summary, then by anything else.
function search(entries, phrase) {
  const words = phrase.toLowerCase().split(/\s+/).filter(Boolean);
  const all = (text) => words.every((word) => text.toLowerCase().includes(word));
  const tests = [
    ({ id }) => id.toLowerCase() === phrase.toLowerCase(),
    ({ id }) => all(id),
    ({ id, summary, path }) => all(`${id} ${summary} ${path}`),
    ({ text }) => all(text),
  ];
  return entries
    .map((entry) => ({ entry, rank: tests.findIndex((test) => test(entry)), line: entry.lines.find(all) }))
    .filter(({ rank }) => rank >= 0)
    .sort((one, other) => one.rank - other.rank);
}

// The index at the left: all areas, or what was found

const addressOf = (entry) => `#/${entry.area}/${entry.id}`;

function link(entry, line) {
  const anchor = make("a", { href: addressOf(entry), title: entry.summary });
  const method = make("b", { className: entry.method, textContent: entry.method });
  anchor.append(method, make("span", { textContent: entry.id }));
  if (line) anchor.append(make("small", { textContent: plain(line) }));
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    open(entry);
  });
  return anchor;
}

function plain(markdown) {
  const cells = markdown.replace(/^[-|#\s]+|[|\s]+$/g, "").replace(/\s*\|\s*/g, " · ");
  return cells.replace(/[`*]/g, "").replaceAll("&lt;", "<").replaceAll("&#124;", "|");
}

function showAreas(entries) {
  const areas = Map.groupBy(entries, (entry) => entry.area);
  const sections = [...areas].map(([area, members]) => {
    const heading = make("h2", { textContent: `${area} ` }, make("i", { textContent: members.length }));
    return make("section", {}, heading, ...members.map((entry) => link(entry)));
  });
  element("index").replaceChildren(...sections);
}

function showHits(hits) {
  const count = make("h2", { textContent: `${hits.length} found` });
  element("index").replaceChildren(make("section", {}, count, ...hits.map(({ entry, line }) => link(entry, line))));
}

let found = null;

function find(entries) {
  const phrase = element("search").value.trim();
  const hits = phrase ? search(entries, phrase) : [];
  found = new Set(hits.map(({ entry }) => entry.id));
  if (phrase) showHits(hits);
  else showAreas(entries);
  ui.layoutActions.updateFilter(phrase);
}

function open(entry) {
  const operation = ["operations", entry.area, entry.id];
  ui.layoutActions.show(["operations-tag", entry.area], true);
  ui.layoutActions.show(operation, true);
  ui.layoutActions.scrollToVirtualizedOperation(operation); // of a long list only what is in view is there
  history.replaceState(null, "", addressOf(entry));
  requestAnimationFrame(() => element(operation.join("-"))?.scrollIntoView());
}

// Who calls, and in which sandbox

let token = "";

async function listSandboxes(chosen) {
  const { sandboxes } = await control("GET", "/_mock/sandboxes");
  const here = sandboxes.filter((one) => one.site === site).map((one) => one.id);
  const options = here.map((id) => new Option(id, id, false, id === chosen));
  if (!here.length) options.unshift(new Option(`none on ${site} yet`, ""));
  element("sandbox").replaceChildren(...options, new Option("new sandbox", "+"));
  await chooseSandbox();
}

async function chooseSandbox() {
  const id = element("sandbox").value;
  element("principal").replaceChildren();
  element("ids").hidden = !id;
  if (id === "+") {
    const made = await control("POST", "/_mock/sandboxes", { site });
    return listSandboxes(made.id);
  }
  if (!id) return tell("to try out, choose “new sandbox”");
  const { credentials } = await control("GET", `/_mock/sandboxes/${id}`);
  element("principal").replaceChildren(...Object.keys(credentials).map((name) => new Option(name)));
  const accounts = new Map(Object.values(credentials).map((one) => [one.domain_id, one.domain_name]));
  const rows = [...accounts].map((cells) => make("tr", {}, ...cells.map((textContent) => make("td", { textContent }))));
  element("ids").querySelector("table").replaceChildren(...rows);
  return renewToken();
}

async function renewToken() {
  const [sandbox, credential] = [element("sandbox").value, element("principal").value];
  token = (await control("POST", `/_mock/sandboxes/${sandbox}/tokens`, { credential })).token;
  ui.preauthorizeApiKey("token", token);
  tell("token filled in");
}

// A token ends with its 24 hours of the sandbox's clock, and with a reset: each try gets a new one.
async function withToken(request) {
  if (token && request.headers?.["X-Auth-Token"] === token) {
    await renewToken();
    request.headers["X-Auth-Token"] = token;
  }
  return request;
}

const guarded = (step) => () => step().catch((error) => tell(error.message));

// The page

const isFound = (row) => found.has(row.getIn(["operation", "operationId"]));

// Swagger UI shows what our search found, and leaves the search, the server and the document to this page.
// The document holds no references: looking for them would take longer than everything else.
const OwnFrame = () => ({
  fn: {
    opsFilter: (areas) =>
      areas
        .map((area) => area.update("operations", (rows) => rows.filter(isFound)))
        .filter((area) => area.get("operations").size > 0),
    resolveSubtree: async (spec, path) => ({ spec: path.reduce((part, name) => part?.[name], spec), errors: [] }),
  },
  components: { FilterContainer: () => null, ServersContainer: () => null, InfoUrl: () => null },
});

let ui = null;

async function start() {
  for (const anchor of element("sites").children) anchor.toggleAttribute("aria-current", anchor.dataset.site === site);
  const spec = await control("GET", `/docs/openapi.json?site=${site}`);
  const entries = entriesOf(spec);
  ui = SwaggerUIBundle({
    spec,
    domNode: element("reference"),
    deepLinking: true,
    displayOperationId: true,
    displayRequestDuration: true,
    docExpansion: "list",
    defaultModelExpandDepth: 3,
    defaultModelsExpandDepth: -1,
    showCommonExtensions: true,
    validatorUrl: null,
    plugins: [OwnFrame],
    requestInterceptor: withToken,
    onComplete: async () => {
      await guarded(() => listSandboxes("default"))();
      const named = entries.find((entry) => addressOf(entry) === location.hash);
      if (named) open(named);
    },
  });
  showAreas(entries);
  element("search").addEventListener("input", () => find(entries));
  element("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter") element("index").querySelector("a")?.click();
  });
  element("sandbox").addEventListener("change", guarded(chooseSandbox));
  element("principal").addEventListener("change", guarded(renewToken));
  element("admission").addEventListener("submit", (event) => {
    event.preventDefault();
    controlToken = event.target.querySelector("input").value;
    guarded(() => listSandboxes("default"))();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    element("search").focus();
  });
}

start().catch((error) => tell(error.message));
