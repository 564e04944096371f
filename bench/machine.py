"""What a measurement runs: processes of its own in a scratch folder, their processor time and memory, the disk."""
import ctypes
import http.client
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOLS = ROOT / "build" / "bench"
POSTGRES_PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
POSTGRES_START_SECONDS = 30
SERVER_START_SECONDS = 30
STOP_SECONDS = 60
PR_SET_PDEATHSIG = 1

# As tests/harness/postgres.ts starts it, with as much memory as a small machine would give it.
POSTGRES_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "log_min_messages": "warning",
    "listen_addresses": "127.0.0.1",
}

OWNER = {"email": "owner@bench.example", "password": "seven grey lanterns drift"}


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def spawn(arguments, **options):
    return subprocess.Popen(list(map(str, arguments)), preexec_fn=die_with_parent, **options)


def output(*arguments, **options):
    """What a program prints; it must succeed."""
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments[0]} failed: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def compile_tool(name, *libraries):
    """bench/NAME.c as build/bench/NAME, when it or a header is newer."""
    source, program = ROOT / "bench" / f"{name}.c", TOOLS / name
    newest = max(path.stat().st_mtime for path in (source, *source.parent.glob("*.h")))
    if not program.exists() or program.stat().st_mtime < newest:
        TOOLS.mkdir(parents=True, exist_ok=True)
        flags = ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror", "-D_GNU_SOURCE"]
        output("cc", *flags, "-o", program, source, *libraries)
    return program


def build_tool(name):
    """bench/NAME.c that is made of the server's own parts: as the build makes it."""
    output("ninja", "-C", ROOT / "build", f"bench/{name}")
    return TOOLS / name


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tree(pid):
    """A process and all below it."""
    found = [pid]
    for parent in found:
        for children in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                pass  # it has just ended
    return found


def cpu_seconds(pid):
    """User and system time of a process, its children, and those of them that have ended."""
    total = 0
    for one in tree(pid):
        try:
            after_name = pathlib.Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += sum(map(int, after_name[11:15] if one == pid else after_name[11:13]))
    return total / os.sysconf("SC_CLK_TCK")


def memory_mb(pid):
    """Resident memory now and at its most."""
    status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    return {key: int(status[name].split()[0]) / 1024 for key, name in (("now", "VmRSS"), ("most", "VmHWM"))}


class Scratch:
    """A folder of our own and everything that runs in it, gone in the end."""

    def __init__(self, parent=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="minutebank-bench-", dir=parent))
        self.folder.chmod(0o755)
        self.running = []
        self.count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for one in reversed(self.running):
            one.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        self.count += 1
        return self.folder / f"{self.count}-{name}"

    def add(self, process):
        self.running.append(process)
        return process

    def sqlite_store(self):
        return f"sqlite:{self.path('store.db')}"


def drop_sqlite(url):
    for end in ("", "-wal", "-shm", "-lock"):
        pathlib.Path(url.removeprefix("sqlite:") + end).unlink(missing_ok=True)


def sync_rate(folder, seconds):
    """Pages written over a file that is there, each brought to the disk by itself: nothing commits faster."""
    path, page, pages = folder / "sync", os.urandom(4096), 1024
    path.write_bytes(page * pages)
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.fsync(descriptor)
        count, began = 0, time.monotonic()
        while time.monotonic() - began < seconds:
            os.pwrite(descriptor, page, count % pages * len(page))
            os.fdatasync(descriptor)
            count += 1
        return count / (time.monotonic() - began)
    finally:
        os.close(descriptor)
        path.unlink()


class Postgres:
    """A cluster of our own: private folder, private port. PostgreSQL does not run as root."""

    def __init__(self, scratch):
        self.user = "postgres" if os.geteuid() == 0 else None
        self.folder = scratch.path("postgres")
        self.folder.mkdir()
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        data = self.folder / "data"
        self.options = {"user": self.user, "group": self.user, "cwd": self.folder}
        output(POSTGRES_PROGRAMS / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync",
               "--encoding=UTF8", "--locale=C.UTF-8", **self.options)
        self.port = free_port()
        settings = {**POSTGRES_SETTINGS, "port": self.port, "unix_socket_directories": self.folder}
        flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.log = (self.folder / "log").open("w")
        self.process = spawn([POSTGRES_PROGRAMS / "postgres", "-D", data, *flags], stderr=self.log,
                             stdout=subprocess.DEVNULL, **self.options)
        scratch.add(self)
        self.wait_until_ready()
        self.databases = 0

    def wait_until_ready(self):
        deadline = time.monotonic() + POSTGRES_START_SECONDS
        while subprocess.run([POSTGRES_PROGRAMS / "pg_isready", "-q", *self.where()], check=False).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")
            time.sleep(0.05)

    def where(self):
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres"]

    def sql(self, text, database="postgres"):
        return output(POSTGRES_PROGRAMS / "psql", *self.where(), "-d", database, "-Atqc", text).strip()

    def new_store(self):
        self.databases += 1
        name = f"store_{self.databases}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE template0")
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def store_bytes(self, url):
        return int(self.sql(f"SELECT pg_database_size('{url.rsplit('/', 1)[1]}')"))

    def drop(self, url):
        self.sql(f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")

    def pgbench(self, *arguments):
        return output(POSTGRES_PROGRAMS / "pgbench", *self.where(), *arguments, "postgres")

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(STOP_SECONDS)
        self.log.close()


class Client:
    """One kept connection that speaks JSON."""

    def __init__(self, address, headers):
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.headers = headers

    def send(self, method, path, body=None):
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        reply = self.connection.getresponse()
        text = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {path}: {reply.status} {text[:300]!r}")
        self.last_reply = reply
        return json.loads(text) if text else None

    def close(self):
        self.connection.close()


def make_agency(binary, store, name, owner, **options):
    """In a new store."""
    output(binary, "init", "--store", store, "--agency", name, "--email", owner["email"], "--password-stdin",
           input=owner["password"] + "\n", **options)


class Agency:
    """One of a server's agencies: its owner signed in, a key for calls."""

    def __init__(self, address, owner=None):
        self.address = address
        self.owner = self.client()
        self.owner.send("POST", "/v1/auth/login", owner or OWNER)
        self.cookie = self.owner.last_reply.getheader("Set-Cookie").split(";")[0]
        self.owner.headers["Cookie"] = self.cookie
        key = {"name": "bench", "scopes": ["calls:write", "reservations:write"]}
        self.key = self.owner.send("POST", "/v1/api_keys", key)["secret"]

    def client(self):
        return Client(self.address, {"Origin": f"http://{self.address}", **self.cookie_header()})

    def cookie_header(self):
        return {"Cookie": self.cookie} if hasattr(self, "cookie") else {}

    def add_accounts(self, count, threads=8):
        """Makes sub-accounts, several at a time; their ids in the order of their names."""
        ids = [None] * count

        def add(first):
            client = self.client()
            for i in range(first, count, threads):
                ids[i] = client.send("POST", "/v1/subaccounts", {
                    "name": f"Client {i * 7919 % count:05} {'Voice Dental Motors Estate'.split()[i % 4]}",
                    "email": f"client{i}@bench.example",
                    "prices": {"basic": "0.12", "premium": "0.20"},
                })["id"]
            client.close()

        workers = [threading.Thread(target=add, args=(i,)) for i in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if None in ids:
            raise RuntimeError("not all sub-accounts could be made")
        return ids

    def sell(self, accounts, seconds):
        """Premium minutes for each, paid for."""
        client = self.client()
        for account in accounts:
            order = {"tier": "premium", "seconds": seconds}
            bought = client.send("POST", f"/v1/subaccounts/{account}/purchases", order)
            client.send("POST", f"/v1/purchases/{bought['id']}/mark_paid")
        client.close()


class Server(Agency):
    """`minutebank serve` on a store with an agency, which a new store is given."""

    def __init__(self, scratch, binary, store, *arguments, is_new=True):
        self.store, self.stopped = store, False
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MINUTEBANK_")}
        if is_new:
            make_agency(binary, store, "Bench", OWNER, env=environment)
        began = time.monotonic()
        self.process = spawn([binary, "serve", "--store", store, "--listen", "127.0.0.1:0", "--log-level", "error",
                              *arguments], stdout=subprocess.PIPE, text=True, env=environment)
        scratch.add(self)
        address = self.read_address()
        self.start_seconds = time.monotonic() - began
        super().__init__(address)

    def read_address(self):
        """Standard output goes on being read, so that it never fills."""
        lines = []
        ready = threading.Event()

        def read():
            for line in self.process.stdout:
                lines.append(line)
                ready.set()
            ready.set()

        threading.Thread(target=read, daemon=True).start()
        ready.wait(SERVER_START_SECONDS)
        if not lines or not lines[0].startswith("listening on http://"):
            raise RuntimeError("the server did not start")
        return lines[0].split("//")[1].strip()

    def metrics(self):
        client = self.client()
        client.connection.request("GET", "/metrics")
        lines = client.connection.getresponse().read().decode().splitlines()
        client.close()
        return {line.split()[0]: float(line.split()[1]) for line in lines if not line.startswith("#")}

    def stop(self):
        if self.stopped:
            return
        self.stopped = True
        self.owner.close()
        self.process.terminate()
        if self.process.wait(STOP_SECONDS) != 0:
            raise RuntimeError(f"the server ended with {self.process.returncode}")
