%% api, version 1: has runner do what it is asked.
-module(api).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, job/1]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{asked => 0}}.

handle_call({run, N}, _, #{asked := Asked}) ->
    gen_server:cast(runner, {job, fun ?MODULE:job/1, N}),
    {reply, Asked + 1, #{asked => Asked + 1}}.

handle_cast(never, State) -> {noreply, State}.

job(N) -> {1, N}.
