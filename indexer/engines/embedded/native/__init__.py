"""The kernels in C, where they were built."""
