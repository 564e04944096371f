"""People who sign in at a steady rate beside another load, whether or not those before them have their answer."""
import http.client
import json
import threading
import time

ANSWER_SECONDS_MAX = 60


class SignIns:
    """Begins and ends with its block; each sign-in has a connection of its own."""

    def __init__(self, address, person, a_second):
        self.address, self.body, self.every = address, json.dumps(person), 1 / a_second
        self.headers = {"Content-Type": "application/json", "Origin": f"http://{address}"}
        self.over, self.lock = threading.Event(), threading.Lock()
        self.answers = []  # status and seconds, under lock
        self.sent = []

    def __enter__(self):
        self.clock = threading.Thread(target=self.keep_time)
        self.clock.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.clock.join()
        for one in self.sent:
            one.join()

    def keep_time(self):
        due = time.monotonic()
        while not self.over.wait(max(0, due - time.monotonic())):
            one = threading.Thread(target=self.sign_in)
            one.start()
            self.sent.append(one)
            due += self.every

    def sign_in(self):
        began = time.monotonic()
        connection = http.client.HTTPConnection(self.address, timeout=ANSWER_SECONDS_MAX)
        connection.request("POST", "/v1/auth/login", self.body, self.headers)
        status = connection.getresponse().status
        connection.close()
        with self.lock:
            self.answers.append((status, time.monotonic() - began))

    def figures(self):
        """How many were tried, let in, and told that the server is busy; how long whoever was let in waited."""
        seconds = sorted(spent for status, spent in self.answers if status == 200)
        others = sum(status not in (200, 503) for status, _ in self.answers)
        if others:
            raise RuntimeError(f"{others} sign-ins ended otherwise than by 200 or 503")
        return {
            "sign_ins": len(self.answers),
            "sign_ins_let_in": len(seconds),
            "sign_ins_told_to_wait": len(self.answers) - len(seconds),
            "sign_in_p50_ms": seconds[len(seconds) // 2] * 1000 if seconds else 0,
        }
