%% tracer, version 2: gives registry a sampler as it starts.
%%
%% With a bug: the sampler is a fun of this version, which two more loads take away. Its
%% correct twin is twin_v2.erl, which gives one by name.
-module(tracer).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) ->
    gen_server:cast(registry, {sampler, fun(N) -> {2, N} end}),
    {ok, #{traced => 0}}.

handle_call(trace, _, #{traced := N}) ->
    {reply, N + 1, #{traced => N + 1}}.

handle_cast(never, State) -> {noreply, State}.
