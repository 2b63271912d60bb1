%% agency, version 1, without the bug of v1.erl: it says who its children are as OTP does.
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
    {reply, [{agent, Agent, worker, [counter]}], State}.

handle_cast(never, State) -> {noreply, State}.
