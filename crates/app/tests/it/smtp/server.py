"""A real SMTP server for the tests, on Debian's aiosmtpd.

Every line on standard output is a JSON object: first {"port": N}, then one for each message that
arrived whole. It ends when its standard input is closed, so that it never outlives the tests.

The argument is a JSON object; every key may be absent:
  certificate, key   files in PEM: offer STARTTLS and insist on it
  implicit           true: speak TLS from the first byte instead
  user, password     insist on AUTH with these
  refuse             how many messages to refuse with 451 before one is accepted
  reject             true: every recipient is unknown, 550
  hang               true: take the message and never answer
"""

import asyncio
import base64
import email
import email.policy
import json
import logging
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])

# It logs each sign-in as a deprecation, and each failed handshake with its traceback.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
warnings.filterwarnings("ignore", message="Requiring AUTH")


def tell(**facts):
    print(json.dumps(facts), flush=True)


def text_of(part):
    charset = part.get_content_charset("utf-8")
    return part.get_payload(decode=True).decode(charset, errors="replace")


def parts_of(message):
    """What a mail program would find: each leaf with its own type and its text."""
    for part in message.walk():
        if not part.is_multipart():
            yield {
                "content_type": part.get_content_type(),
                "parameters": dict(part.get_params(failobj=[], header="content-type")[1:]),
                "filename": part.get_filename(),
                "text": text_of(part),
            }


class Handler:
    def __init__(self):
        self.refusals = options.get("refuse", 0)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if options.get("reject"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        refused = self.refusals > 0
        self.refusals -= 1
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        tell(
            accepted=not refused and not options.get("hang", False),
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            tls=session.ssl is not None,
            user=session.auth_data,
            raw=base64.b64encode(envelope.content).decode(),
            headers=[[name, str(value)] for name, value in message.items()],
            parts=list(parts_of(message)),
        )
        if options.get("hang"):
            await asyncio.Event().wait()
        return "451 4.3.0 try again later" if refused else "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    right = (options["user"].encode(), options["password"].encode())
    if (data.login, data.password) != right:
        return AuthResult(success=False, handled=False)
    return AuthResult(success=True, auth_data=options["user"])


def settings():
    """What the protocol is given, and what the listener is given."""
    found = {"hostname": "localhost", "loop": asyncio.get_running_loop()}
    listening = {}
    if "certificate" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["certificate"], options["key"])
        if options.get("implicit"):
            listening["ssl"] = context
        else:
            found |= {"tls_context": context, "require_starttls": True}
    if "user" in options:
        # A password may travel in the clear only where a test asks for a server without TLS.
        found |= {"authenticator": authenticate, "auth_required": True}
        # The protocol does not see a TLS that began before it.
        in_the_clear = "certificate" not in options or options.get("implicit", False)
        found |= {"auth_require_tls": not in_the_clear}
    return found, listening


async def main():
    handler, (found, listening) = Handler(), settings()
    loop = asyncio.get_running_loop()
    factory = lambda: SMTP(handler, **found)
    server = await loop.create_server(factory, "127.0.0.1", 0, **listening)
    tell(port=server.sockets[0].getsockname()[1])
    await loop.run_in_executor(None, sys.stdin.buffer.read)


asyncio.run(main())
