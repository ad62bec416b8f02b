//! The line of calls that are ready to send. The first call asks the pace, sends one request, and queues again behind
//! the others. So no call starves another, and an answer wakes only one call.

/// Identifies a call of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallNumber(u32);

/// The calls of one client that are ready to send.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// The longest wait is first.
    calls: Vec<CallNumber>,
    numbered: u32,
}

impl Line {
    /// Returns a number for a new call.
    pub fn number(&mut self) -> CallNumber {
        self.numbered = self.numbered.wrapping_add(1);
        CallNumber(self.numbered)
    }

    /// Returns the call that sends next.
    pub fn first(&self) -> Option<CallNumber> {
        self.calls.first().copied()
    }

    /// Queues a call, unless it is in the line already. Returns whether it is the first.
    pub fn queue(&mut self, call: CallNumber) -> bool {
        if !self.calls.contains(&call) {
            self.calls.push(call);
        }
        self.first() == Some(call)
    }

    /// Takes a call out of the line.
    pub fn leave(&mut self, call: CallNumber) {
        self.calls.retain(|&other| other != call);
    }
}
