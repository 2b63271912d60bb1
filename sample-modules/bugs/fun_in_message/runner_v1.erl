%% runner: does the jobs that others send it, many at a time.
-module(runner).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{jobs => [], done => 0}}.

handle_call(work, _, #{jobs := Jobs, done := Done}) ->
    _ = [Job(N) || {Job, N} <- Jobs],
    All = Done + length(Jobs),
    {reply, All, #{jobs => [], done => All}}.

handle_cast({job, Job, N}, #{jobs := Jobs} = State) ->
    {noreply, State#{jobs := Jobs ++ [{Job, N}]}}.
