%% worker, version 2: says what of the job came out, on the same state.
-module(worker).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{done => 0}}.

handle_call({work, N}, _, #{done := Done}) -> {reply, 2 * N, #{done => Done + 1}}.

handle_cast(never, State) -> {noreply, State}.
