#!/usr/bin/env python3
"""Mail flows for a long time while whatever can die is killed.

    cargo build --release && tests/soak/soak.py --minutes 30 [--seed 1] [--rate 40] [--program target/release/sluse]

Clients hold mail as a mail server does: what was deferred, or not answered, is sent again; what was refused goes back; what was
taken is theirs no more. Between them and two next hops runs Sluse. At random moments a next hop, an inspector or Sluse itself
is killed (`kill -9`), an inspector is stopped (`SIGSTOP`), and every few seconds the configuration is read again. At the end every message is counted:

    sent = delivered + refused + held by its client

Lost is what a client was told is taken and no next hop has. A copy may be delivered twice only where nobody could know what became
of the first: a next hop died before it told that it had it, or Sluse before it could note that it was told. Each that came twice is
held against the moments of such deaths. The program ends with 1 if anything was lost, came twice without a death, or if a citizen's
number went the normal way. Everything listens on loopback and is stopped by its process.
"""
import argparse, base64, collections, glob, os, queue, random, re, signal, smtplib, socket, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
# How long a death may lie before the moment a message was taken whose reply was lost in it (what was written to a next hop when Sluse died
# is read by it afterwards), and how long after it, in seconds.
BEFORE, AFTER = 0.5, 0.5
COLLEAGUE, CITIZEN = "bo@kommune.example", "karen@borger.example"


def free_port():
    """None of those that the system gives to whoever connects somewhere: a next hop that was killed listens there again."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


# A next hop: a process of its own, which writes down what it takes before it says so. (One line of a file a message.)
HOP = r'''
import os, socketserver, sys, time
port, ledger = int(sys.argv[1]), open(sys.argv[2], "ab", buffering=0)
class Hop(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda line: (self.wfile.write(line.encode() + b"\r\n"), self.wfile.flush())
        say("220 hop.example ESMTP")
        to = []
        while True:
            line = self.rfile.readline()
            if not line: return
            verb = line[:4].upper()
            if verb == b"EHLO": say("250-hop.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE 60000000")
            elif verb == b"MAIL": to = []; say("250 2.1.0 Ok")
            elif verb == b"RCPT":
                if b"unknown" in line: say("550 5.1.1 Nobody here")
                else: to.append(line.split(b"<")[1].split(b">")[0]); say("250 2.1.5 Ok")
            elif verb == b"DATA":
                say("354 Go on"); name = b"?"
                while True:
                    line = self.rfile.readline()
                    if not line: return
                    if line == b".\r\n": break
                    if line.startswith(b"X-Soak: "): name = line[8:].strip()
                for one in to: os.write(ledger.fileno(), b"%s %s %.3f\n" % (name, one, time.time()))
                say("250 2.0.0 Taken")
            elif verb == b"RSET": to = []; say("250 2.0.0 Ok")
            elif verb == b"QUIT": say("221 2.0.0 Bye"); return
            else: say("250 2.0.0 Ok")
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True; daemon_threads = True; request_queue_size = 128
Server(("127.0.0.1", port), Hop).serve_forever()
'''


class Process:
    """One that is started again after it was killed."""

    def __init__(self, command, **more):
        self.command, self.more, self.lock = command, more, threading.Lock()
        self.child = None
        self.deaths = []
        self.start()

    def start(self):
        self.child = subprocess.Popen(self.command, **self.more)

    def kill(self, pause):
        with self.lock:
            self.deaths.append(time.time())
            self.child.kill()
            self.child.wait()
            time.sleep(pause)
            self.start()

    def end(self):
        with self.lock:
            self.child.terminate()
            try:
                self.child.wait(60)
            except subprocess.TimeoutExpired:
                self.child.kill()


def messages(rng):
    """Kinds of mail without end, and whether it must not reach a citizen in the clear."""
    demo = [open(path, "rb").read() for path in sorted(glob.glob(ROOT + "/demo/*.eml"))]
    plain = b"Subject: Referat\r\n\r\n" + b"Hermed referatet fra i tirsdags, som aftalt.\r\n" * 40
    cpr = b"Subject: Svar\r\n\r\nCPR-nr. 140562-1234 er flyttet.\r\n"
    lines = base64.encodebytes(rng.randbytes(1_500_000)).replace(b"\n", b"\r\n")
    large = (b"Subject: Billeder\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream; name=data.bin\r\n"
             b"Content-Transfer-Encoding: base64\r\n\r\n" + lines)
    while True:
        kind = rng.random()
        if kind < 0.5:
            yield plain, False
        elif kind < 0.65:
            yield cpr, True
        else:
            yield rng.choice(demo) if kind < 0.97 else large, False


class Ledger:
    """What became of each copy: one recipient of one message."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent, self.taken, self.refused, self.held = set(), set(), set(), set()
        self.private = set()
        self.tries = collections.Counter()


def client(number, arguments, ports, ledger, until, rng):
    """A mail server with a queue. Even ones speak SMTP, odd ones LMTP."""
    lmtp = number % 2 == 1
    kinds, waiting, count = messages(rng), [], 0
    pause = arguments.clients / arguments.rate
    connection = None
    while True:
        now = time.monotonic()
        if now < until:
            count += 1
            name = f"c{number}m{count}"
            to = rng.choice([[CITIZEN], [COLLEAGUE], [COLLEAGUE, CITIZEN], [CITIZEN, "unknown@borger.example"]])
            text, private = next(kinds)
            head = f"X-Soak: {name}\r\nMessage-ID: <{name}@kommune.example>\r\n".encode()
            with ledger.lock:
                ledger.sent.update((name, one) for one in to)
                if private:
                    ledger.private.add((name, CITIZEN))
            waiting.append((now, name, to, head + re.sub(rb"(?mi)^message-id:.*\r\n", b"", text, count=1)))
        elif not waiting or now > until + 150:
            break
        due, waiting = [one for one in waiting if one[0] <= now], [one for one in waiting if one[0] > now]
        for _, name, to, text in due:
            left = to
            try:
                if connection is None:
                    connection = (smtplib.LMTP if lmtp else smtplib.SMTP)("127.0.0.1", ports[lmtp], timeout=120,
                                                                        **({} if lmtp else {"local_hostname": "mail.example"}))
                    connection.ehlo()
                left = send(connection, lmtp, name, to, text, ledger)
            except (OSError, smtplib.SMTPException):
                connection = None
            if left:
                waiting.append((time.monotonic() + rng.uniform(1, 5), name, left, text))
        if not due and now >= until:
            time.sleep(0.2)
        elif now < until:
            time.sleep(rng.expovariate(1 / pause))
        # Some hang up, as mail servers do between two messages.
        if connection is not None and rng.random() < 0.1:
            try:
                connection.quit()
            except (OSError, smtplib.SMTPException):
                pass
            connection = None
    with ledger.lock:
        ledger.held.update((name, one) for _, name, to, _ in waiting for one in to)


def send(connection, lmtp, name, to, text, ledger):
    """One attempt. What is left is to be sent again."""
    code, _ = connection.mail("mette@kommune.example")
    if code >= 400:
        connection.rset()
        return to
    accepted, left = [], []
    for one in to:
        code, _ = connection.rcpt(one)
        if code < 300:
            accepted.append(one)
        elif code >= 500:
            note(ledger.refused, ledger, name, one)
        else:
            left.append(one)
    if not accepted:
        connection.rset()
        return left
    connection.putcmd("data")
    code, _ = connection.getreply()
    if code != 354:
        return left + accepted
    with ledger.lock:
        ledger.tries[name] += 1
    connection.send(smtplib._quote_periods(text) + b".\r\n")
    replies = [connection.getreply()[0] for _ in accepted] if lmtp else [connection.getreply()[0]] * len(accepted)
    for one, code in zip(accepted, replies):
        if code < 300:
            note(ledger.taken, ledger, name, one)
        elif code >= 500:
            note(ledger.refused, ledger, name, one)
        else:
            left.append(one)
        if code == 421:
            raise smtplib.SMTPServerDisconnected("421")
    return left


def note(kind, ledger, name, one):
    with ledger.lock:
        kind.add((name, one))


def children(pid):
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = open(path).read().rsplit(")", 1)[1].split()
            if int(fields[1]) == pid:
                found.append(int(path.split("/")[2]))
        except (OSError, IndexError, ValueError):
            pass
    return found


def memory(pid):
    """Kilobytes of the process and its children: resident, and with what they share counted once."""
    rss = pss = 0
    for one in [pid] + children(pid):
        try:
            for line in open(f"/proc/{one}/smaps_rollup"):
                if line.startswith("Rss:"):
                    rss += int(line.split()[1])
                elif line.startswith("Pss:"):
                    pss += int(line.split()[1])
        except OSError:
            pass
    return rss, pss


def greeted(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as s:
            s.settimeout(1)
            return s.recv(4).startswith(b"220")
    except OSError:
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=40, help="new messages a second, of all clients together")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--program", default=ROOT + "/target/release/sluse")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    folder = tempfile.mkdtemp(prefix="sluse-soak-")
    ports = {False: free_port(), True: free_port()}
    normal, secure = free_port(), free_port()
    policy = open(ROOT + "/config/policy.toml").read().replace("inside = []", 'inside = ["kommune.example"]', 1)
    open(folder + "/policy.toml", "w").write(policy)
    config = f"""
host_name = "sluse.kommune.example"
listen.addresses = ["127.0.0.1:{ports[False]}"]
listen.lmtp_addresses = ["127.0.0.1:{ports[True]}"]
route.normal.next_hop = "127.0.0.1:{normal}"
route.secure.next_hop = "127.0.0.1:{secure}"
route.secure.tls = "off"
policy.file = "policy.toml"
incident.database = "incidents.db"
incident.key = "incidents.key"
journal.file = "journal.db"
log.level = "warn"
"""
    write = lambda text: (open(folder + "/new", "w").write(text), os.rename(folder + "/new", folder + "/sluse.toml"))
    write(config)
    hops = {}
    for name, port in (("normal", normal), ("secure", secure)):
        hops[name] = Process([sys.executable, "-c", HOP, str(port), f"{folder}/{name}.taken"])
    log = open(folder + "/log", "ab")
    guard = Process([arguments.program, "serve", "-c", folder + "/sluse.toml"], stdout=log, stderr=log)
    while not all(greeted(port) for port in ports.values()):
        time.sleep(0.1)

    start = time.monotonic()
    until = start + arguments.minutes * 60
    ledger, events, sizes = Ledger(), collections.Counter(), []
    threads = [threading.Thread(target=client, args=(n, arguments, ports, ledger, until, random.Random(rng.random())))
               for n in range(arguments.clients)]
    for thread in threads:
        thread.start()
    told = 0
    while (now := time.monotonic()) < until:
        time.sleep(rng.uniform(1, 4))
        what = rng.random()
        if what < 0.5:
            # Every other one changes something, so that the parts are exchanged.
            recipients = rng.choice([500, 1000])
            write(config + f"limits.wire.recipients = {recipients}\n")
            guard.child.send_signal(signal.SIGHUP)
            events["reloads"] += 1
        elif what < 0.65:
            hops[rng.choice(list(hops))].kill(rng.uniform(0, 2))
            events["next hops killed"] += 1
        elif what < 0.9:
            inspectors = children(guard.child.pid)
            if inspectors:
                one, stop = rng.choice(inspectors), rng.random() < 0.2
                try:
                    # Nothing but time, a minute of it, ends one that compiles packs and is stopped.
                    stop = stop and b"inspect-worker" in open(f"/proc/{one}/cmdline", "rb").read()
                    os.kill(one, signal.SIGSTOP if stop else signal.SIGKILL)
                    events["inspectors stopped" if stop else "inspectors killed"] += 1
                except (ProcessLookupError, FileNotFoundError):
                    pass
        elif what < 0.93:
            guard.kill(rng.uniform(0, 1))
            events["Sluse killed"] += 1
        elif what < 0.95:
            with guard.lock:
                guard.child.terminate()
                guard.child.wait()
                guard.start()
            events["Sluse stopped"] += 1
        with guard.lock:
            # As a service manager does (`Restart=always`): an inspector that is stopped while Sluse starts keeps it from starting.
            if guard.child.poll() is not None:
                guard.start()
                events["Sluse ended"] += 1
        if now - start > told * 30:
            told += 1
            rss, pss = memory(guard.child.pid)
            sizes.append((round(now - start), rss, pss))
            with ledger.lock:
                print(f"{now - start:6.0f} s  sent {len(ledger.sent)} taken {len(ledger.taken)} refused {len(ledger.refused)}"
                      f"  memory {rss // 1024} MB (shared once: {pss // 1024})", flush=True)
    for thread in threads:
        thread.join()
    guard.end()
    for hop in hops.values():
        hop.end()
    deaths = {name: hop.deaths for name, hop in hops.items()} | {"Sluse": guard.deaths}
    sys.exit(tell(arguments, folder, ledger, events, sizes, deaths))


def tell(arguments, folder, ledger, events, sizes, deaths):
    copies, ways, taken = collections.Counter(), {}, {}
    for way in ("normal", "secure"):
        for line in open(f"{folder}/{way}.taken", "rb"):
            name, one, at = line.decode().split()
            copies[name, one] += 1
            ways.setdefault((name, one), set()).add(way)
            taken.setdefault((name, one), []).append((float(at), way))
    delivered = set(copies)
    lost = ledger.taken - delivered
    both = (ledger.refused & delivered) - ledger.taken
    open_ = ledger.sent - delivered - ledger.refused
    print(f"\n{arguments.minutes:g} minutes, {dict(events)}")
    print(f"copies sent {len(ledger.sent)}, delivered {len(delivered)}, refused {len(ledger.refused - delivered)}, "
          f"held by their clients {len(open_ & ledger.held)}, in neither {len(open_ - ledger.held)}")
    leaked = {one for one in ledger.private if "normal" in ways.get(one, ())}
    twice = sum(1 for count in copies.values() if count > 1)
    print(f"lost {len(lost)}, leaked {len(leaked)}, refused and yet delivered {len(both)}, delivered more than once {twice}, "
          f"messages offered more than once {sum(1 for n in ledger.tries.values() if n > 1)}")
    unexplained = 0
    for copy, times in sorted(taken.items()):
        times.sort()
        for (at, way), (again, _) in zip(times, times[1:]):
            # Nobody sends anything again for a death that is still to come.
            all_deaths = [(abs(death - at), death, who) for who in (way, "Sluse") for death in deaths[who] if death < again]
            _, death, who = min(all_deaths, default=(0, float("-inf"), "anybody"))
            explained = -BEFORE < death - at < AFTER
            unexplained += not explained
            print(f"  twice: {' '.join(copy)}, the first taken {1000 * (at - death):+.0f} ms from a death of {'its next hop' if who == way else who}, "
                  f"the second {again - at:.1f} s later{'' if explained else ': NOT EXPLAINED'}")
    if sizes:
        print("memory, MB resident (shared counted once):", ", ".join(f"{at} s: {rss // 1024} ({pss // 1024})" for at, rss, pss in sizes[::max(1, len(sizes) // 12)]))
    print("log and ledgers:", folder)
    return 1 if lost or leaked or unexplained or open_ - ledger.held else 0


if __name__ == "__main__":
    main()
