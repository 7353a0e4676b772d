// A network that learns one step at a time: nnlib.network and nnlib.play.learner once more, in the lessons' names. Numbers are
// stored in float32, as NumPy has them, and summed in float64. A matrix of shape (n, q) is an array of n rows after each other.

(() => {
  const ROUGH = 50; // so many steps make a mean

  // Activations and losses

  // In float32, step by step: where σ is small, NumPy's is a multiple of 3·10⁻⁸ or 0, and ties of outputs depend on it.
  const sigmoid = (z) => 0.5 * Math.fround(1 + Math.fround(Math.tanh(0.5 * z)));

  const ACTIVATIONS = {
    sigmoid: { f: sigmoid, derivative: (_z, a) => a * (1 - a) },
    tanh: { f: Math.tanh, derivative: (_z, a) => 1 - a * a },
    relu: { f: (z) => Math.max(z, 0), derivative: (z) => (z > 0 ? 1 : 0) },
  };

  // Each row of z (n, q) becomes q probabilities that sum to 1.
  function softmax(z, q) {
    const a = new Float32Array(z.length);
    for (let first = 0; first < z.length; first += q) {
      const row = z.subarray(first, first + q);
      const largest = Math.max(...row);
      let sum = 0;
      for (const value of row) sum += Math.exp(value - largest);
      for (let k = 0; k < q; k++) a[first + k] = Math.exp(row[k] - largest) / sum;
    }
    return a;
  }

  // L = 1/n Σᵢ ½ ‖aᵢ − Yᵢ‖², with Y as labels y.
  function squaredError(a, y, q) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += (a[i] - (y[Math.floor(i / q)] === i % q)) ** 2;
    return (0.5 * sum) / y.length;
  }

  // L = 1/n Σᵢ (log Σⱼ eᶻʲ − z[yᵢ]): from z, because the logarithm of a probability that has rounded to 0 would be −∞.
  function crossEntropy(z, y, q) {
    let total = 0;
    for (let i = 0; i < y.length; i++) {
      const row = z.subarray(i * q, (i + 1) * q);
      const largest = Math.max(...row);
      let sum = 0;
      for (const value of row) sum += Math.exp(value - largest);
      total += Math.log(sum) - (row[y[i]] - largest);
    }
    return total / y.length;
  }

  // An output activation, its loss, and what stands beside (a − Y) / n in dz.
  const OUTPUTS = {
    sigmoid: {
      activation: (z) => z.map(sigmoid),
      loss: (_z, a, y, q) => squaredError(a, y, q),
      factor: (a) => a * (1 - a),
    },
    softmax: { activation: softmax, loss: (z, _a, y, q) => crossEntropy(z, y, q), factor: () => 1 },
  };

  // Products of matrices. Most pixels are 0, and a product with 0 need not be taken.

  // A (n, p) @ W (p, q) + b (q)
  function weightedInputs(A, W, b, n) {
    const q = b.length;
    const p = W.length / q;
    const z = new Float32Array(n * q);
    const sums = new Float64Array(q);
    for (let i = 0; i < n; i++) {
      sums.fill(0);
      for (let j = 0; j < p; j++) {
        const x = A[i * p + j];
        if (x === 0) continue;
        for (let k = 0; k < q; k++) sums[k] += x * W[j * q + k];
      }
      for (let k = 0; k < q; k++) z[i * q + k] = Math.fround(sums[k]) + b[k];
    }
    return z;
  }

  // dW = Aᵀ (p, n) @ dz (n, q)
  function weightGradient(A, dz, n, q) {
    const p = A.length / n;
    const dW = new Float32Array(p * q);
    const sums = new Float64Array(q);
    for (let j = 0; j < p; j++) {
      sums.fill(0);
      for (let i = 0; i < n; i++) {
        const x = A[i * p + j];
        if (x === 0) continue;
        for (let k = 0; k < q; k++) sums[k] += x * dz[i * q + k];
      }
      dW.set(sums, j * q);
    }
    return dW;
  }

  // db = Σᵢ dzᵢ
  function biasGradient(dz, q) {
    const sums = new Float64Array(q);
    dz.forEach((value, i) => {
      sums[i % q] += value;
    });
    return Float32Array.from(sums);
  }

  // da = dz (n, q) @ Wᵀ (q, p)
  function inputGradient(dz, W, n, q) {
    const p = W.length / q;
    const da = new Float32Array(n * p);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < p; j++) {
        let sum = 0;
        for (let k = 0; k < q; k++) sum += dz[i * q + k] * W[j * q + k];
        da[i * p + j] = sum;
      }
    return da;
  }

  class Network {
    // params has W1, b1, W2, b2, … as arrays of numbers; they are copied.
    constructor(sizes, activation, output, params) {
      Object.assign(this, { sizes, activation, output });
      this.params = Object.fromEntries(Object.entries(params).map(([name, p]) => [name, Float32Array.from(p)]));
    }

    get layers() {
      return this.sizes.length - 1;
    }

    // The cache of a pass through the network: a0 = X (n, sizes[0]), and z1, a1, z2, a2, …
    propagate(X) {
      const n = X.length / this.sizes[0];
      const cache = { a0: X };
      for (let l = 1; l <= this.layers; l++) {
        const z = weightedInputs(cache[`a${l - 1}`], this.params[`W${l}`], this.params[`b${l}`], n);
        cache[`z${l}`] = z;
        cache[`a${l}`] =
          l < this.layers
            ? z.map(ACTIVATIONS[this.activation].f)
            : OUTPUTS[this.output].activation(z, this.sizes.at(-1));
      }
      return cache;
    }

    outputs(X) {
      return this.propagate(X)[`a${this.layers}`];
    }

    // The label of the largest output for each image.
    predict(X) {
      const q = this.sizes.at(-1);
      const a = this.outputs(X);
      return Array.from({ length: a.length / q }, (_, i) => largestOf(a.subarray(i * q, (i + 1) * q)));
    }

    loss(cache, y) {
      return OUTPUTS[this.output].loss(cache[`z${this.layers}`], cache[`a${this.layers}`], y, this.sizes.at(-1));
    }

    // Of the last layer: (a − Y) / n, times the derivative of the sigmoid where its loss is the squared error.
    lastDz(a, y) {
      const q = this.sizes.at(-1);
      const { factor } = OUTPUTS[this.output];
      return a.map((value, i) => ((value - (y[Math.floor(i / q)] === i % q)) * factor(value)) / y.length);
    }

    // Backpropagation: the gradient of the loss for every weight and bias.
    backward(cache, y) {
      const n = y.length;
      const { derivative } = ACTIVATIONS[this.activation];
      let dz = this.lastDz(cache[`a${this.layers}`], y);
      const grads = {};
      for (let l = this.layers; l > 0; l--) {
        const [z, a, q] = [cache[`z${l - 1}`], cache[`a${l - 1}`], this.sizes[l]];
        grads[`W${l}`] = weightGradient(a, dz, n, q);
        grads[`b${l}`] = biasGradient(dz, q);
        if (l > 1) dz = inputGradient(dz, this.params[`W${l}`], n, q).map((da, i) => da * derivative(z[i], a[i]));
      }
      return grads;
    }
  }

  // The first place of the largest number, and of NaN if there is one, as NumPy's argmax has it.
  function largestOf(values) {
    let at = 0;
    for (let k = 1; k < values.length; k++) if (!(values[k] <= values[at]) && !Number.isNaN(values[at])) at = k;
    return at;
  }

  // θ ← θ − η dθ, for every array of params.
  function descend(params, grads, lr) {
    const rate = Math.fround(lr);
    for (const [name, theta] of Object.entries(params)) {
      const d = grads[name];
      for (let i = 0; i < theta.length; i++) theta[i] -= Math.fround(rate * d[i]);
    }
  }

  // The largest of all gradients, whatever its sign.
  function largestGradient(grads) {
    let largest = 0;
    for (const d of Object.values(grads)) for (const value of d) largest = Math.max(largest, Math.abs(value));
    return largest;
  }

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const inPython = (x) => (Number.isNaN(x) ? "nan" : x === Infinity ? "inf" : String(x));

  // A network, its training data, and what came of each step: losses, rates and the largest gradients. The orders of the images,
  // one for each epoch, come from NumPy's generator; after the last one they begin again.
  class Learner {
    constructor(net, X, y, orders) {
      Object.assign(this, { net, X, y, orders });
      this.seen = 0;
      this.losses = [];
      this.rates = [];
      this.gradients = [];
    }

    // How many times each image was used; not a whole number within an epoch.
    get epochs() {
      return this.seen / this.y.length;
    }

    // The mean loss of the last steps.
    get loss() {
      return mean(this.losses.slice(-ROUGH));
    }

    // The next images: an epoch's last batch may be smaller.
    batch(size) {
      const n = this.y.length;
      const order = this.orders[Math.floor(this.seen / n) % this.orders.length];
      return order.slice(this.seen % n, (this.seen % n) + size);
    }

    step(lr, batchSize) {
      const batch = this.batch(batchSize);
      const p = this.net.sizes[0];
      const X = new Float32Array(batch.length * p);
      batch.forEach((row, i) => {
        X.set(this.X.subarray(row * p, (row + 1) * p), i * p);
      });
      const y = Array.from(batch, (row) => this.y[row]);
      const cache = this.net.propagate(X);
      const loss = this.net.loss(cache, y);
      if (!Number.isFinite(loss))
        throw new FloatingPointError(
          nnlibLive.say("The loss is {loss}: the steps were too large. Begin again with a smaller learning rate.", {
            loss: inPython(loss),
          }),
        );
      const grads = this.net.backward(cache, y);
      descend(this.net.params, grads, lr);
      this.seen += batch.length;
      this.losses.push(loss);
      this.gradients.push(largestGradient(grads));
      this.rates.push([lr, batchSize]);
    }

    // The largest gradient of the last steps.
    get lastGradient() {
      return Math.max(...this.gradients.slice(-ROUGH));
    }

    // True if the network is often wrong, and for many steps no gradient has told it what to do about it.
    get dead() {
      return this.losses.length >= ROUGH && this.lastGradient < 1e-4 && this.loss > 0.3;
    }

    // The steps at which the learning rate or the batch size became another.
    get changed() {
      const other = (a, b) => a[0] !== b[0] || a[1] !== b[1];
      return [...this.rates.keys()].filter((i) => i > 0 && other(this.rates[i], this.rates[i - 1]));
    }
  }

  class FloatingPointError extends Error {
    name = "FloatingPointError"; // as in Python, whose sentence the page says
  }

  Object.assign(nnlibLive, { Learner, Network, ROUGH, mean });
})();
