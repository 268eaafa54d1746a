//! When the next request may leave: sliding windows, in milliseconds of a clock that only goes forward.

use std::collections::VecDeque;

use weighbridge_model::package::RateLimit;

/// Into so many steps a window is cut at most, so that it takes bounded memory however many requests it has.
const STEPS: u64 = 512;

/// Every limit at once, and what the platform said last.
#[derive(Debug)]
pub(crate) struct Windows {
    windows: Vec<Window>,
    held_until: u64,
}

/// One limit. In no time as long as it, wherever it begins, do more requests leave.
#[derive(Debug)]
struct Window {
    limit: RateLimit,
    /// Steps in which requests left, oldest first, with how many.
    sent: VecDeque<(u64, u64)>,
    count: u64,
}

impl Windows {
    pub(crate) fn of(limits: &[RateLimit]) -> Self {
        Self { windows: limits.iter().copied().map(Window::of).collect(), held_until: 0 }
    }

    pub(crate) fn limit(&mut self, limits: &[RateLimit]) {
        let mut known = std::mem::take(&mut self.windows);
        let keep = |limit: &RateLimit| {
            let index = known.iter().position(|window| window.limit == *limit);
            index.map_or_else(|| Window::of(*limit), |index| known.swap_remove(index))
        };
        self.windows = limits.iter().map(keep).collect();
    }

    /// Nothing leaves before this.
    pub(crate) fn hold(&mut self, until: u64) {
        self.held_until = self.held_until.max(until);
    }

    /// When the next request may leave, if not now.
    pub(crate) fn free_at(&mut self, now: u64) -> Option<u64> {
        let free = self.windows.iter_mut().filter_map(|window| window.free_at(now)).max();
        let held = Some(self.held_until).filter(|until| *until > now);
        free.max(held)
    }

    /// Counts a request that leaves now; or says when it is worth asking again.
    pub(crate) fn take(&mut self, now: u64) -> Option<u64> {
        let free_at = self.free_at(now);
        if free_at.is_none() {
            self.windows.iter_mut().for_each(|window| window.count(now));
        }
        free_at
    }
}

impl Window {
    const fn of(limit: RateLimit) -> Self {
        Self { limit, sent: VecDeque::new(), count: 0 }
    }

    const fn step_ms(&self) -> u64 {
        self.limit.per_ms.div_ceil(STEPS)
    }

    /// A step is over when the last request that may have left in it is a whole window ago.
    fn over_at(&self, step: u64) -> u64 {
        step.saturating_add(1).saturating_mul(self.step_ms()).saturating_add(self.limit.per_ms).saturating_sub(1)
    }

    fn free_at(&mut self, now: u64) -> Option<u64> {
        if self.limit.per_ms == 0 {
            return None;
        }
        while let Some((_, count)) = self.sent.front().copied().filter(|(step, _)| self.over_at(*step) <= now) {
            self.count -= count;
            self.sent.pop_front();
        }
        let is_full = self.count >= u64::from(self.limit.requests.max(1));
        is_full.then(|| self.sent.front().map(|(step, _)| self.over_at(*step))).flatten()
    }

    fn count(&mut self, now: u64) {
        if self.limit.per_ms == 0 {
            return;
        }
        let step = now / self.step_ms();
        self.count += 1;
        match self.sent.back_mut().filter(|(last, _)| *last == step) {
            Some((_, count)) => *count += 1,
            None => self.sent.push_back((step, 1)),
        }
    }
}
