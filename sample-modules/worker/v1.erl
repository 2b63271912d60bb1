%% worker, version 1: says which job it has done.
-module(worker).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{done => 0}}.

handle_call({work, N}, _, #{done := Done}) -> {reply, N, #{done => Done + 1}}.

handle_cast(never, State) -> {noreply, State}.
