// The sound of a message: two soft notes, made here. Browsers let a page be heard only after its person has touched it.
const NOTES = [[659.25, 0], [880, 0.09]]; // hertz, seconds from the beginning
const LENGTH = 0.32;
const LOUD = 0.12;

let context = null;

/** From the first touch on, it can be heard. */
export function attachChime() {
  const begin = () => {
    for (const type of ["pointerdown", "keydown"]) removeEventListener(type, begin, true);
    context = "AudioContext" in globalThis ? new AudioContext() : null;
  };
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, begin, true);
}

/** Play it. Returns whether it can be heard. */
export function chime() {
  if (!context) return false;
  context.resume();
  for (const [pitch, after] of NOTES) play(pitch, context.currentTime + after);
  return true;
}

function play(pitch, at) {
  const [source, volume] = [context.createOscillator(), context.createGain()];
  source.type = "sine";
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUD, at + 0.012);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH);
  source.connect(volume).connect(context.destination);
  source.start(at);
  source.stop(at + LENGTH);
}
