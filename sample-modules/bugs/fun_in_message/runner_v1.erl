%% runner: does the jobs that others send it, many at a time.
-module(runner).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{jobs => [], done => 0}}.

handle_call(work, _, State) ->
    #{done := Done} = Worked = work(State),
    {reply, Done, Worked}.

handle_cast({job, Job, N}, #{jobs := Jobs} = State) ->
    {noreply, State#{jobs := Jobs ++ [{Job, N}]}};
handle_cast(work, State) ->
    {noreply, work(State)}.

work(#{jobs := Jobs, done := Done}) ->
    _ = [Job(N) || {Job, N} <- Jobs],
    #{jobs => [], done => Done + length(Jobs)}.
