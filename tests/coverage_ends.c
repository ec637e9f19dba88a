/* gcov writes its counts when a process returns from main. Tests have children that end otherwise,
 * on purpose: what those did counts as well. Linked into the programs of `make coverage`. */
void __gcov_dump(void);
void __real__exit(int status);
void __wrap__exit(int status);
void __real_abort(void);
void __wrap_abort(void);

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

void __wrap_abort(void)
{
    __gcov_dump();
    __real_abort();
}
