/**
 * How servers limit: each limiter says of a request whether it may come in, and if not, when there will be room.
 * Time comes in as milliseconds, so that they can be tested without waiting.
 *
 * @typedef {object} Limiter
 * @property {(now: number) => number} admit  0: come in. Else the milliseconds until there is room, NaN if unknown.
 * @property {() => void} [leave]  A request that came in is over.
 */

/** `burst` at once, `rate` a second in the long run. @returns {Limiter} */
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

/** `count` in every window; the first request opens one. @returns {Limiter} */
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

/** Refuses one request in so many, however fast they come. @returns {Limiter} */
export function oneIn({ count }) {
  let requests = 0;
  return {
    admit() {
      requests += 1;
      return requests % count === 0 ? NaN : 0;
    },
  };
}

/** `count` at the same time; nobody knows when one of them will be over. @returns {Limiter} */
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
