"use strict";
// SHA-256 (FIPS 180-4) and HMAC (RFC 2104) in plain JavaScript: file:// is no secure context in every browser.
const drawHash = (() => {
  const ROUNDS = new Int32Array([
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ]);
  const START = new Int32Array([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ]);
  const words = new Int32Array(64);

  const compress = (state, bytes, offset) => {
    for (let i = 0, at = offset; i < 16; i++, at += 4) {
      words[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    }
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15];
      const y = words[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d;
    state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  };

  // Goes on from a state that has taken in `done` bytes (a multiple of 64).
  const finish = (start, done, message) => {
    const state = start.slice();
    let at = 0;
    for (; at + 64 <= message.length; at += 64) compress(state, message, at);
    const rest = message.length - at;
    const tail = new Uint8Array(rest + 9 > 64 ? 128 : 64);
    tail.set(message.subarray(at));
    tail[rest] = 0x80;
    const view = new DataView(tail.buffer);
    const total = done + message.length;
    view.setUint32(tail.length - 8, Math.floor(total / 0x20000000));
    view.setUint32(tail.length - 4, (total % 0x20000000) * 8);
    for (let i = 0; i < tail.length; i += 64) compress(state, tail, i);
    const out = new Uint8Array(32);
    for (let i = 0; i < 32; i++) out[i] = state[i >> 2] >>> (24 - 8 * (i & 3));
    return out;
  };

  const sha256 = (message) => finish(START, 0, message);

  // A function of the message; the two blocks of the key are taken in once.
  const hmac = (key) => {
    const short = key.length > 64 ? sha256(key) : key;
    const half = (mask) => {
      const block = new Uint8Array(64).fill(mask);
      short.forEach((byte, i) => { block[i] = byte ^ mask; });
      const state = START.slice();
      compress(state, block, 0);
      return state;
    };
    const inner = half(0x36);
    const outer = half(0x5c);
    return (message) => finish(outer, 64, finish(inner, 64, message));
  };

  const encoder = new TextEncoder();
  const bytes = (text) => encoder.encode(text);
  const DIGITS = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));
  const hex = (data) => { let out = ""; for (const byte of data) out += DIGITS[byte]; return out; };
  const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const join = (...parts) => {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { out.set(part, at); at += part.length; }
    return out;
  };
  const big = (number, width) => {
    const out = new Uint8Array(width);
    let rest = BigInt(number);
    for (let i = width - 1; i >= 0; i--) { out[i] = Number(rest & 255n); rest >>= 8n; }
    return out;
  };
  const last = (list) => list[list.length - 1];
  return { sha256, hmac, bytes, hex, unhex, join, big, last };
})();
