// npm install jose
import { createServer } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const issuer = process.env.PHONEAUTH_ISSUER ?? 'http://localhost:8080';
const { jwks_uri } = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
const keys = createRemoteJWKSet(new URL(jwks_uri));

createServer(async (request, response) => {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  try {
    const { payload } = await jwtVerify(token ?? '', keys, {
      issuer, audience: 'phoneauth', algorithms: ['ES256'], typ: 'JWT', requiredClaims: ['sub', 'exp'], clockTolerance: 30,
    });
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ userId: payload.sub, phoneNumber: payload.phone_number }));
  } catch {
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
  }
}).listen(process.env.PORT ?? 3000);
