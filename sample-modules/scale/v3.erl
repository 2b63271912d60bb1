%% scale, version 3: a library that refuses to be loaded.
-module(scale).
-vsn("3").
-export([weigh/1]).
-on_load(prepare/0).

weigh(N) -> {3, N}.

prepare() -> not_today.
