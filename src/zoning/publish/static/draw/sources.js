"use strict";
// What is random: the rules of sources, their values as octets, and the signature of a beacon's round.
const drawSources = (() => {
  const { bytes, unhex, join, big, sha256 } = drawHash;
  const { need } = drawFiles;
  const TAG = "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";
  const QUICKNET = {
    chain: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", genesis: 1692803367, period: 3,
    public_key: "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d1064510d"
      + "1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  };
  const isUsual = (source) => Object.keys(QUICKNET).every((key) => source[key] === QUICKNET[key]);

  const ways = (pools) => pools.reduce((product, [drawn, of]) => {
    let count = 1n;
    for (let i = 0; i < drawn; i++) count = count * BigInt(of - i) / BigInt(i + 1);
    return product * count;
  }, 1n);
  const bits = (source) => {
    if (source.type === "dice" || source.type === "balls") return Math.floor((source.count * 3321) / 1000);
    return source.type === "drand" ? 128 : ways(source.pools).toString(2).length - 1;
  };
  const isSound = (source) => {
    if (source.type === "dice") return source.count >= 20;
    if (source.type === "balls") return source.count >= 1;
    if (source.type === "drand") {
      return source.round >= 1 && source.period >= 1 && source.at === source.genesis + (source.round - 1) * source.period;
    }
    return source.pools.length > 0 && source.pools.every(([drawn, of]) => drawn >= 1 && drawn <= of && of <= 99);
  };

  const checkLadder = (rungs) => {
    const dice = rungs.filter(({ type }) => type === "dice").length;
    need(dice === 0 || dice === rungs.length, "dice_mixed");
    need(rungs.every(({ at }, i) => i === 0 || rungs[i - 1].at < at), "rungs_order");
    return dice > 0;
  };
  const checkStrong = (sources) => {
    const first = sources.map(checkLadder).indexOf(false);
    need(first > 0 && sources.slice(first).flat().every(({ type }) => type !== "dice"), "dice_first");
    const thrown = Math.max(...sources.slice(0, first).flat().map(({ at }) => at));
    const spoken = Math.min(...sources.slice(first).flat().map(({ at }) => at));
    need(thrown < spoken, "dice_late");
    const sum = sources.reduce((total, rungs) => total + Math.min(...rungs.map(bits)), 0);
    need(sum >= 128, "few_bits", { bits: sum });
  };
  // Three balls are the only source of the low-tech mode, and a source of no other.
  const isThreeBalls = (sources) => sources.length === 1 && sources[0].length === 1
    && sources[0][0].type === "balls" && sources[0][0].count === 3;
  const checkRules = ({ sources, mode, published }) => {
    need(sources.length > 0 && sources.every((rungs) => rungs.length > 0), "sources_empty");
    need(sources.flat().every(isSound), "source_unsound");
    if (mode === "lowtech") need(isThreeBalls(sources), "lowtech_source");
    else {
      need(sources.flat().every(({ type }) => type !== "balls"), "balls_elsewhere");
      checkStrong(sources);
    }
    need(sources.flat().every(({ at }) => at <= 253402300799), "source_unsound");
    const soonest = Math.min(...sources.flat().map(({ at }) => at));
    need(mode === "rehearsal" || published + 72 * 3600 <= soonest, "published_late");
  };

  const isLottery = (source, value) => {
    const drums = value.split("+").map((drum) => drum.split(","));
    return drums.length === source.pools.length && drums.every((numbers, i) => {
      const [drawn, of] = source.pools[i];
      return numbers.length === drawn && numbers.every((number, j) => /^[0-9]{2}$/.test(number)
        && Number(number) >= 1 && Number(number) <= of && (j === 0 || numbers[j - 1] < number));
    });
  };
  const isValue = (source, value) => {
    if (source.type !== "balls" && !/[^0,+]/.test(value)) return false;
    if (source.type === "dice" || source.type === "balls") return /^[0-9]+$/.test(value) && value.length === source.count;
    return source.type === "drand" ? /^[0-9a-f]{96}$/.test(value) : isLottery(source, value);
  };
  const octets = (source, value) => (source.type === "drand"
    ? join(unhex(source.chain), big(source.round, 8), unhex(value)) : bytes(value));

  const known = new Map();
  const signs = (source, value) => {
    const name = [source.public_key, source.round, value].join(" ");
    if (!known.has(name)) known.set(name, pairs(source, value));
    return known.get(name);
  };
  // e(S, g2) = e(H, public key), points in their subgroups and not the identity.
  const pairs = (source, value) => {
    const bls = nobleBls.bls12_381;
    const inGroup = (point) => {
      point.assertValidity();
      return point.isTorsionFree() && !point.equals(point.constructor.ZERO);
    };
    try {
      const signature = bls.G1.ProjectivePoint.fromHex(value);
      const key = bls.G2.ProjectivePoint.fromHex(source.public_key);
      if (!inGroup(signature) || !inGroup(key)) return false;
      const message = bls.G1.hashToCurve(sha256(big(source.round, 8)), { DST: TAG });
      const { Fp12 } = bls.fields;
      return Fp12.eql(
        bls.pairing(signature, bls.G2.ProjectivePoint.BASE),
        bls.pairing(bls.G1.ProjectivePoint.fromAffine(message.toAffine()), key),
      );
    } catch (problem) {
      return false;
    }
  };

  // The sources that spoke, each with its value and octets.
  const spoken = (manifest, seed) => {
    need(seed.length === manifest.sources.length, "seed_length");
    return seed.map(({ rung, value }, i) => {
      need(rung < manifest.sources[i].length, "seed_length");
      const source = manifest.sources[i][rung];
      need(isValue(source, value), "value_form", { value: value.slice(0, 40), at: i + 1 });
      need(source.type !== "drand" || signs(source, value), "forged_beacon", { round: source.round });
      return { source, rung, value, octets: octets(source, value) };
    });
  };
  return { checkRules, spoken, isUsual, bits };
})();
