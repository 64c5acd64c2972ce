// A real OpenID Connect provider (npm oidc-provider) for one test: prints its port, and ends with its parent.
import { createServer } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { Provider } from "oidc-provider";

const { back, orders, secret } = JSON.parse(process.env.KEPT_PROVIDER);

function key(kind, options, kid) {
  const { privateKey } = generateKeyPairSync(kind, options);
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig" };
}

function client(algorithm, method) {
  return {
    client_id: `kept-${algorithm}`,
    client_secret: secret,
    redirect_uris: [back],
    response_types: ["code"],
    grant_types: ["authorization_code"],
    token_endpoint_auth_method: method,
    id_token_signed_response_alg: algorithm,
    backchannel_logout_uri: orders,
    backchannel_logout_session_required: true,
  };
}

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      client("RS256", "client_secret_basic"),
      client("PS256", "client_secret_post"),
      client("ES256", "client_secret_basic"),
      client("EdDSA", "client_secret_basic"),
    ],
    jwks: {
      keys: [
        key("rsa", { modulusLength: 2048 }, "rsa"),
        key("ec", { namedCurve: "P-256" }, "ec"),
        key("ed25519", {}, "ed"),
      ],
    },
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA"] },
    cookies: { keys: ["a key for one test"] },
    pkce: { methods: ["S256"], required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (context, id) => ({
      accountId: id,
      claims: () => ({
        sub: id,
        email: `${id}@riverside.example`,
        email_verified: true,
        name: "Toni Vale",
      }),
    }),
  });
  server.on("request", provider.callback());
  process.stdout.write(`${port}\n`);
});

// What started it is gone.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
