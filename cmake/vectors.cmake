# Vector code is compiled once per instruction set, chosen at run time.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set_source_files_properties(src/num/isa_avx2.c PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
  set_source_files_properties(src/num/isa_avx512.c PROPERTIES COMPILE_OPTIONS "-mfma;-mavx512f;-mavx512dq;-mavx512vl;-mprefer-vector-width=512")
endif()
if(IP_ANALYZE) # that of gcc 12 does not understand vectors: it sees shifts that are too far, and elements without a value
  set_property(SOURCE src/num/isa_base.c src/num/isa_avx2.c src/num/isa_avx512.c APPEND PROPERTY COMPILE_OPTIONS
    -fno-analyzer)
endif()
