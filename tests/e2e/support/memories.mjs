/** Records the memory of every instance that is made after this import. The package does not expose it. */
export const memories = [];

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, parts) {
    const instance = new Instance(...parts);
    const exported = Object.values(instance.exports);
    memories.push(...exported.filter((value) => value instanceof WebAssembly.Memory));
    return instance;
  },
});
