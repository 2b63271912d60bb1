%% atlas, version 2: counts what it does not have, too.
%%
%% With a bug: code_change returns the bare state, and not {ok, State}. Its correct twin
%% is twin_v2.erl.
-module(atlas).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{lookups => 0, misses => 0}}.

handle_call({lookup, Place}, _, #{lookups := N, misses := Misses}) ->
    {reply, N + 1, #{lookups => N + 1, misses => Misses + miss(Place)}}.

handle_cast(never, State) -> {noreply, State}.

miss(Place) when Place > 6 -> 1;
miss(_) -> 0.

code_change("1", #{lookups := N}, _) -> #{lookups => N, misses => 0};
code_change({down, "1"}, #{lookups := N}, _) -> #{lookups => N}.
