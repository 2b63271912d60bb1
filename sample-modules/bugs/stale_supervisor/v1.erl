%% agency, version 1: a supervisor of its own kind, of one agent; they end together.
%%
%% With a bug: it says who its children are in a shape that OTP had once, with how an agent
%% is started, and nobody understands it (C5). Its correct twin is twin_v1.erl.
%%
%% klarna/supervisor3#21, rabbitmq-common#230.
-module(agency).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) ->
    case counter:start_link(agent, 0) of
        {ok, Agent} -> {ok, #{agent => Agent}};
        {error, Why} -> {stop, Why}
    end.

handle_call(which_children, _, #{agent := Agent} = State) ->
    {reply, [{agent, Agent, worker, {counter, start_link}, [counter]}], State}.

handle_cast(never, State) -> {noreply, State}.
