%% runner: does the jobs that others send it.
-module(runner).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{done => 0}}.

handle_call(done, _, #{done := N} = State) ->
    {reply, N, State}.

handle_cast({job, Job, N}, #{done := Done} = State) ->
    _ = Job(N),
    {noreply, State#{done := Done + 1}}.
