"""Time in which only sleep passes."""

from __future__ import annotations

from dataclasses import dataclass, field

from runner.operate import Time


@dataclass
class FakeTime:
    """`interrupt_at` is when the user presses Ctrl-C; each sleep takes `stretch` times as long as it was asked to."""

    now: float = 1000.0
    interrupt_at: float = float("inf")
    stretch: float = 1.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds * self.stretch
        if self.now >= self.interrupt_at:
            raise KeyboardInterrupt

    def as_time(self) -> Time:
        return Time(clock=self.clock, sleep=self.sleep, jitter=lambda: 0.0)
