// Writes docs/postman/phoneauth.postman_collection.json from openapi/v1.json: every call of the document, in the order of a story that can be
// run from its first to its last request against a service in Development. With an argument it writes there instead, so that a test can compare.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const document = JSON.parse(readFileSync(new URL('../../openapi/v1.json', import.meta.url), 'utf8'));
const output = process.argv[2] ?? fileURLToPath(new URL('phoneauth.postman_collection.json', import.meta.url));

const keep = (...names) => names.map(name => `pm.collectionVariables.set("${name}", pm.response.json().${name});`);
const oneIsDelivered = [
  '// Delivery takes a moment: ask again, a few times.',
  'const messages = pm.response.json();',
  'const asked = Number(pm.collectionVariables.get("asked") || 0) + 1;',
  'pm.collectionVariables.set("asked", messages.length || asked > 20 ? 0 : asked);',
  'if (messages.length) pm.collectionVariables.set("code", messages[0].code);',
  'else if (asked <= 20) setTimeout(() => pm.execution.setNextRequest(pm.info.requestName), 500);',
];

// The order of the story, and what of an answer the later calls need. A call that is not named here comes before the last three.
const story = {
  live: [], ready: [], discovery: [], keys: [], recordReceipts: [],
  sendCode: [],
  devMessages: oneIsDelivered,
  verifyCode: [...keep('accessToken', 'refreshToken'), 'pm.collectionVariables.set("phoneNumber", pm.response.json().profile.phoneNumber);'],
  getOwnProfile: [], getProfile: [], replaceInviteCode: [],
  activateInviteCode: [], getInvitedUsers: [],
  refreshToken: keep('accessToken', 'refreshToken'),
  getSessions: ['pm.collectionVariables.set("sessionId", pm.response.json().find(session => session.isCurrent).id);'],
  endOtherSessions: [],
  deleteAccount: [],
  signOut: [], endSession: [],
};

// What a run of the story answers besides the first success of the document: nobody has the example's invite code, and whoever is gone is nobody.
const alsoRight = { recordReceipts: [404], activateInviteCode: [404], signOut: [401], endSession: [401] };

const variables = {
  baseUrl: 'http://localhost:8080', phoneNumber: '+79001234567', code: '', accessToken: '', refreshToken: '', inviteCode: 'K7M2QX', sessionId: '',
};

const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
for (const { operation } of operations) {
  if (!(operation.operationId in story)) throw new Error(`${operation.operationId} has no place in the story: give it one in docs/postman/generate.mjs.`);
}
const order = Object.keys(story);
operations.sort((one, other) => order.indexOf(one.operation.operationId) - order.indexOf(other.operation.operationId));

const collection = {
  info: {
    name: document.info.title,
    description: `${document.info.description}\n\nRun it from the first request to the last against a service in Development.`,
    schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  },
  auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{accessToken}}', type: 'string' }] },
  variable: Object.entries(variables).map(([key, value]) => ({ key, value })),
  item: operations.map(item),
};
writeFileSync(output, `${JSON.stringify(collection, null, 2)}\n`);

function item({ path, method, operation }) {
  const success = Object.keys(operation.responses).filter(status => status.startsWith('2')).map(Number);
  const right = [...success, ...(alsoRight[operation.operationId] ?? [])];
  return {
    name: operation.summary,
    event: [{
      listen: 'test',
      script: {
        type: 'text/javascript',
        exec: [`pm.test("answers ${right.join(' or ')}", () => pm.expect(pm.response.code).to.be.oneOf(${JSON.stringify(right)}));`, ...story[operation.operationId]],
      },
    }],
    request: {
      method: method.toUpperCase(),
      description: operation.description,
      ...(operation.security ? {} : { auth: { type: 'noauth' } }),
      header: operation.requestBody ? [{ key: 'Content-Type', value: 'application/json' }] : [],
      url: url(path, operation),
      ...(operation.requestBody ? { body: body(operation) } : {}),
    },
  };
}

function url(path, operation) {
  const filled = path.replace('{phoneNumber}', '{{phoneNumber}}').replace('{id}', '{{sessionId}}').replace('{gateway}', 'webhook');
  const query = (operation.parameters ?? []).filter(parameter => parameter.in === 'query').map(parameter => ({
    key: parameter.name,
    value: parameter.name === 'phoneNumber' ? '{{phoneNumber}}' : String(parameter.example),
    description: parameter.description,
    ...(parameter.name === 'phoneNumber' ? {} : { disabled: true }),
  }));
  const sent = query.filter(parameter => !parameter.disabled).map(parameter => `${parameter.key}=${parameter.value}`);
  return { raw: `{{baseUrl}}${filled}${sent.length ? `?${sent.join('&')}` : ''}`, host: ['{{baseUrl}}'], path: filled.slice(1).split('/'), ...(query.length ? { query } : {}) };
}

// The document's example, with the variables of the story in place of the values that they stand for.
function body(operation) {
  const example = operation.requestBody.content['application/json'].example;
  const sent = Object.fromEntries(Object.entries(example).map(([name, value]) => [name, name in variables ? `{{${name}}}` : value]));
  return { mode: 'raw', raw: JSON.stringify(sent, null, 2), options: { raw: { language: 'json' } } };
}
