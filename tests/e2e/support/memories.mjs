/** The memory of every instance that is made once this is imported: nobody else hands out the module's own. */
export const memories = [];

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, parts) {
    const instance = new Instance(...parts);
    const exported = Object.values(instance.exports);
    memories.push(...exported.filter((value) => value instanceof WebAssembly.Memory));
    return instance;
  },
});
