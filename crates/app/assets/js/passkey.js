// Passkeys: makes one, uses one, and sends what the device answered as a form. Where the browser knows
// none, the forms stay hidden and passwords and codes work as ever.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const keys = (ids) => ids.map((id) => ({ type: "public-key", id: bytes(id) }));

// What Kept wants signed, or null when the browser was sent elsewhere: to give a proof, to sign in.
const ask = async (form, signal) => {
  const answer = await fetch(form.dataset.ask, { method: "POST", signal });
  if (answer.redirected) {
    location.assign(answer.url);
    return null;
  }
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
};

const toMake = (said) => ({
  challenge: bytes(said.challenge),
  rp: { id: said.rpId, name: said.rpName },
  user: { id: bytes(said.userId), name: said.userName, displayName: said.userShown },
  pubKeyCredParams: said.algorithms.map((alg) => ({ type: "public-key", alg })),
  timeout: said.timeout,
  excludeCredentials: keys(said.credentials),
  authenticatorSelection: {
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  },
  attestation: "none",
});

const toUse = (said) => ({
  challenge: bytes(said.challenge),
  rpId: said.rpId,
  timeout: said.timeout,
  allowCredentials: keys(said.credentials),
  userVerification: "required",
});

const send = (form, { rawId, response }) => {
  const parts = {
    credential: rawId,
    client_data: response.clientDataJSON,
    attestation: response.attestationObject,
    authenticator_data: response.authenticatorData,
    signature: response.signature,
    user_handle: response.userHandle,
  };
  for (const [name, part] of Object.entries(parts)) {
    const field = form.elements.namedItem(name);
    if (field && part) field.value = text(part);
  }
  form.submit();
};

const devices = navigator.credentials;
let running;

// One question at a time: whoever clicks has no use for what the browser offered by itself.
const run = async (form, mediation) => {
  running?.abort();
  const own = new AbortController();
  running = own;
  const said = await ask(form, own.signal);
  if (!said) return;
  // Once it is too late for the answer, the browser offers it no more.
  const late = mediation && setTimeout(() => own.abort(), said.timeout);
  try {
    const isNew = form.dataset.passkey === "make";
    const credential = isNew
      ? await devices.create({ publicKey: toMake(said), signal: own.signal })
      : await devices.get({ publicKey: toUse(said), signal: own.signal, mediation });
    if (credential) send(form, credential);
  } finally {
    clearTimeout(late);
  }
};

// The browser offers passkeys in the field of the address, from the first touch of it on: before that,
// nothing is asked for and nothing is set.
const offerIn = async (form, field) => {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const touches = ["pointerdown", "keydown"];
  const offer = () => {
    for (const touch of touches) field.removeEventListener(touch, offer);
    run(form, "conditional").catch(() => {
      // Nobody asked for it, so nobody is told; the next touch offers it anew.
      for (const touch of touches) field.addEventListener(touch, offer);
    });
  };
  for (const touch of touches) field.addEventListener(touch, offer);
};

if (window.PublicKeyCredential && devices) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const trouble = form.querySelector(".error");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      try {
        await run(form);
      } catch {
        trouble.hidden = false;
      }
    });
    if (form.dataset.offeredIn) offerIn(form, document.getElementById(form.dataset.offeredIn));
  }
}
