// What a desk hears: window.deskSound(name) of an outcome; on, quiet or off by a button, kept by the browser of the desk.
(() => {
  const desk = document.querySelector("[data-desk]");
  const button = document.getElementById("sound");
  if (!desk || !button) return;
  const TONES = { // pairs of hertz and milliseconds, one after the other
    ok: [[880, 80]],
    held: [[660, 110], [990, 150]],
    move: [[660, 110], [660, 110]],
    still: [[1400, 15]],
    wait: [[520, 70], [520, 70], [520, 70]],
    stop: [[220, 350]],
  };
  const LOUDNESS = { on: 0.3, quiet: 0.06, off: 0 };
  const words = { on: desk.dataset.soundOn, quiet: desk.dataset.soundQuiet, off: desk.dataset.soundOff };
  let audio = null;

  const level = () => (Object.hasOwn(LOUDNESS, localStorage.getItem("desk-sound")) ? localStorage.getItem("desk-sound") : "on");

  function play(name) {
    if (!TONES[name] || !LOUDNESS[level()]) return;
    audio ??= new AudioContext();
    let at = audio.currentTime;
    for (const [hertz, milliseconds] of TONES[name]) {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      const end = at + milliseconds / 1000;
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(LOUDNESS[level()], at);
      gain.gain.setTargetAtTime(0, end - 0.01, 0.005); // without a crack at the end
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(end + 0.03);
      at = end + 0.05;
    }
  }

  function showLevel() {
    button.hidden = false;
    button.textContent = words[level()];
  }

  button.addEventListener("click", () => {
    const levels = Object.keys(LOUDNESS);
    localStorage.setItem("desk-sound", levels[(levels.indexOf(level()) + 1) % levels.length]);
    showLevel();
    play("ok");
    document.getElementById("code").focus();
  });

  window.deskSound = play;
  showLevel();
})();
