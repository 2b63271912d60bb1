%% api, version 2: has runner do what it is asked.
-module(api).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, code_change/3, job/1]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{asked => 0}}.

handle_call({run, N}, _, #{asked := Asked}) ->
    gen_server:cast(runner, {job, fun ?MODULE:job/1, N}),
    {reply, Asked + 1, #{asked => Asked + 1}}.

handle_cast(never, State) -> {noreply, State}.

code_change(_, State, _) -> {ok, State}.

job(N) -> {2, N}.
