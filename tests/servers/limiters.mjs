/**
 * Rate limits of servers. A limiter says whether a request is accepted, and if not, when there will be room. The time is an
 * argument in ms, so that tests need not wait.
 *
 * @typedef {object} Limiter
 * @property {(now: number) => number} admit  Returns 0 to accept a request. Else the ms until there is room, NaN if unknown.
 * @property {() => void} [leave]  Notes that an accepted request has ended.
 */

/** Accepts `burst` requests at once, and `rate` a second in the long run. @returns {Limiter} */
export function tokenBucket({ rate, burst }) {
  let tokens = burst;
  let last;
  return {
    admit(now) {
      tokens = Math.min(burst, tokens + ((now - (last ?? now)) * rate) / 1000);
      last = now;
      if (tokens < 1) return ((1 - tokens) * 1000) / rate;
      tokens -= 1;
      return 0;
    },
  };
}

/** Accepts `count` requests in every window. The first request opens a window. @returns {Limiter} */
export function fixedWindow({ count, windowMs }) {
  let opened = -Infinity;
  let taken = 0;
  return {
    admit(now) {
      if (now - opened >= windowMs) {
        opened = now;
        taken = 0;
      }
      if (taken >= count) return opened + windowMs - now;
      taken += 1;
      return 0;
    },
  };
}

/** Refuses one request in `count`, at any rate. @returns {Limiter} */
export function oneIn({ count }) {
  let requests = 0;
  return {
    admit() {
      requests += 1;
      return requests % count === 0 ? NaN : 0;
    },
  };
}

/** Accepts `count` requests at the same time. The time until there is room is unknown. @returns {Limiter} */
export function concurrent({ count }) {
  let inside = 0;
  return {
    admit() {
      if (inside >= count) return Number.NaN;
      inside += 1;
      return 0;
    },
    leave() {
      inside -= 1;
    },
  };
}
