/* A file is checked as soon as it is chosen, and a QR code is read by the camera: by the browser
   itself where it can, else by jsQR, which is fetched only then. */
(() => {
  "use strict";
  const form = document.getElementById("verify-form");
  const file = form.querySelector("input[type=file]");
  const text = form.querySelector("input[name=text]");
  const scan = document.getElementById("verify-scan");
  const box = document.getElementById("verify-camera");
  const video = document.getElementById("verify-video");
  const said = document.getElementById("verify-said");
  let stream = null;

  const send = () => form.requestSubmit();
  file.addEventListener("change", () => { if (file.files.length) { text.value = ""; send(); } });

  const result = document.getElementById("result");
  if (result) { result.scrollIntoView({ block: "nearest" }); }

  function stop() {
    if (stream) { stream.getTracks().forEach((track) => track.stop()); }
    stream = null;
    video.srcObject = null;
    box.hidden = true;
    scan.hidden = false;
  }

  function load(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  /* Return what reads a code from the video: its text, or an empty one. */
  async function reader() {
    if ("BarcodeDetector" in window) {
      const known = await window.BarcodeDetector.getSupportedFormats().catch(() => []);
      if (known.includes("qr_code")) {
        const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
        return async () => (await detector.detect(video))[0]?.rawValue || "";
      }
    }
    if (!window.jsQR) { await load(form.dataset.jsqr); }
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      /* Smaller pictures are read as well, and phones get less warm. */
      const scale = Math.min(1, 640 / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const seen = pen.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(seen.data, seen.width, seen.height)?.data || "";
    };
  }

  async function look(read) {
    if (!stream) { return; }
    let found = "";
    if (video.readyState >= 2) { found = await read().catch(() => ""); }
    if (!stream) { return; }
    if (!found) { window.setTimeout(() => look(read), 150); return; }
    stop();
    file.value = "";
    text.value = found;
    send();
  }

  async function start() {
    box.hidden = false;
    scan.hidden = true;
    said.textContent = said.dataset.looking;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      await video.play();
      await look(await reader());
    } catch {
      stop();
      box.hidden = false;
      said.textContent = said.dataset.refused;
    }
  }

  if (navigator.mediaDevices?.getUserMedia) {
    scan.hidden = false;
    scan.addEventListener("click", start);
    document.getElementById("verify-stop").addEventListener("click", stop);
    window.addEventListener("pagehide", stop);
  }
})();
